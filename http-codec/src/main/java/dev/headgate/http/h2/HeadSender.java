package dev.headgate.http.h2;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.hpack.HpackEncoder;
import dev.headgate.http.hpack.HpackName;
import java.nio.ByteBuffer;

/**
 * Writes heads and trailer sections from the model (RFC 9113 §8.3): control data first, then the live fields, names in
 * lower case, without those that speak of one connection, which are the codec's to write.
 */
final class HeadSender {
    private static final long OWNED = 1L << Field.CONNECTION
            | 1L << Field.CONTENT_LENGTH
            | 1L << Field.TRANSFER_ENCODING
            | 1L << Field.KEEP_ALIVE
            | 1L << Field.PROXY_CONNECTION
            | 1L << Field.TE
            | 1L << Field.TRAILER
            | 1L << Field.UPGRADE
            | 1L << Field.HTTP2_SETTINGS
            | 1L << Field.HOST;

    private static final byte[] HTTP = ascii("http");
    private static final byte[] HTTPS = ascii("https");
    private static final byte[] TRAILERS = ascii("trailers");
    private static final byte[] CONNECT = ascii("CONNECT");

    /** What the handshake over HTTP/1.1 proves, {@code :protocol} says (RFC 8441 §5). */
    private static final byte[] WEBSOCKET_KEY = ascii("sec-websocket-key");

    private static final int LENGTH_DIGITS_MAX = 19;
    /** Control data and the fields that we write ourselves. */
    private static final int OWN_FIELDS = 8;

    private final FrameSender frames;
    private final HpackEncoder encoder;

    HeadSender(FrameSender frames, HpackEncoder encoder) {
        this.frames = frames;
        this.encoder = encoder;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Writes a response's head; false, with nothing written, when the outbox has no room for it. */
    boolean response(int streamId, int status, FieldSection fields, long contentLength, StreamEnd end) {
        int bound = bound(fields, LENGTH_DIGITS_MAX);
        ByteBuffer out = frames.begin(bound);
        if (out == null) {
            return false;
        }
        int start = begin(out);
        HpackEncoder.status(out, status);
        fields(out, fields);
        contentLength(out, contentLength, start + bound - LENGTH_DIGITS_MAX);
        end(out, start, streamId, end);
        return true;
    }

    /** Writes a trailer section; false, with nothing written, when the outbox has no room for it. */
    boolean trailers(int streamId, FieldSection fields) {
        ByteBuffer out = frames.begin(bound(fields, 0));
        if (out == null) {
            return false;
        }
        int start = begin(out);
        fields(out, fields);
        end(out, start, streamId, StreamEnd.END);
        return true;
    }

    /** Writes a request's head; false, with nothing written, when the outbox has no room for it. */
    boolean request(int streamId, RequestHead head, Http2RequestOptions options, long contentLength, StreamEnd end) {
        byte[] authority = options.authority();
        int authorityLength = authority != null ? authority.length : head.authorityLength();
        byte[] protocol = options.protocol();
        int protocolLength = protocol != null ? protocol.length : 0;
        int pathLength = head.pathLength() + 1 + Math.max(0, head.queryLength());
        int scratchBytes = Math.max(Math.max(pathLength, authorityLength), Math.max(protocolLength, 32));
        int methodLength = Math.max(head.methodLength(), CONNECT.length);
        int more = methodLength + pathLength + authorityLength + protocolLength + scratchBytes;
        int bound = bound(head.fields(), more);
        ByteBuffer out = frames.begin(bound);
        if (out == null) {
            return false;
        }
        int start = begin(out);
        int scratch = start + bound - scratchBytes;
        if (protocol == null) {
            encoder.known(out, HpackName.METHOD, head.bytes(), head.methodOffset(), head.methodLength());
        } else {
            value(out, HpackName.METHOD, CONNECT, scratch);
        }
        value(out, HpackName.SCHEME, options.isHttps() ? HTTPS : HTTP, scratch);
        if (authority != null) {
            value(out, HpackName.AUTHORITY, authority, scratch);
        } else if (authorityLength > 0) {
            // A client of HTTP/1.0 need not name a host, and an empty one is not sent (RFC 9113 §8.3.1).
            encoder.known(out, HpackName.AUTHORITY, head.bytes(), head.authorityOffset(), authorityLength);
        }
        path(out, head, scratch);
        if (protocol != null) {
            value(out, HpackName.PROTOCOL, protocol, scratch);
        }
        if (protocol == null) {
            fields(out, head.fields());
        } else {
            fieldsWithoutKey(out, head.fields());
        }
        if (options.takesTrailers()) {
            value(out, Field.TE, TRAILERS, scratch);
        }
        contentLength(out, contentLength, scratch);
        end(out, start, streamId, end);
        return true;
    }

    /** Path and query are one value; where they do not lie together they are joined behind all that may be written. */
    private void path(ByteBuffer out, RequestHead head, int scratch) {
        ByteBuffer bytes = head.bytes();
        int length = head.pathLength();
        if (length > 0 && head.queryLength() < 0) {
            encoder.known(out, HpackName.PATH, bytes, head.pathOffset(), length);
            return;
        }
        if (length > 0 && head.queryOffset() == head.pathOffset() + length + 1) {
            encoder.known(out, HpackName.PATH, bytes, head.pathOffset(), length + 1 + head.queryLength());
            return;
        }
        int at = scratch;
        if (length == 0) {
            out.put(at++, (byte) '/');
        } else {
            out.put(at, bytes, head.pathOffset(), length);
            at += length;
        }
        if (head.queryLength() >= 0) {
            out.put(at++, (byte) '?');
            out.put(at, bytes, head.queryOffset(), head.queryLength());
            at += head.queryLength();
        }
        encoder.known(out, HpackName.PATH, out, scratch, at - scratch);
    }

    private int bound(FieldSection fields, int more) {
        int block = HpackEncoder.BLOCK_BYTES
                + HpackEncoder.boundBytes(fields)
                + OWN_FIELDS * HpackEncoder.FIELD_BYTES
                + LENGTH_DIGITS_MAX
                + TRAILERS.length
                + HTTPS.length
                + more;
        return block + FrameWriter.blockOverhead(block, frames.payloadBytesMax()) + Frames.HEADER_BYTES;
    }

    private int begin(ByteBuffer out) {
        int start = out.position();
        out.position(start + Frames.HEADER_BYTES);
        encoder.begin(out);
        return start;
    }

    private void end(ByteBuffer out, int start, int streamId, StreamEnd end) {
        int blockBytes = out.position() - start - Frames.HEADER_BYTES;
        FrameWriter.block(out, start, blockBytes, frames.payloadBytesMax(), streamId, end);
        frames.end();
    }

    private void fields(ByteBuffer out, FieldSection fields) {
        int count = fields.count();
        for (int i = 0; i < count; i++) {
            if (fields.isLive(i) && (OWNED >>> fields.id(i) & 1) == 0) {
                encoder.field(out, fields, i);
            }
        }
    }

    private void fieldsWithoutKey(ByteBuffer out, FieldSection fields) {
        int count = fields.count();
        for (int i = 0; i < count; i++) {
            if (fields.isLive(i) && (OWNED >>> fields.id(i) & 1) == 0 && !fields.nameEquals(i, WEBSOCKET_KEY)) {
                encoder.field(out, fields, i);
            }
        }
    }

    private void contentLength(ByteBuffer out, long length, int scratch) {
        if (length < 0) {
            return;
        }
        int digits = 1;
        for (long rest = length / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = length;
        for (int i = scratch + digits - 1; i >= scratch; i--) {
            out.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        encoder.known(out, Field.CONTENT_LENGTH, out, scratch, digits);
    }

    private void value(ByteBuffer out, int id, byte[] value, int scratch) {
        out.put(scratch, value);
        encoder.known(out, id, out, scratch, value.length);
    }
}
