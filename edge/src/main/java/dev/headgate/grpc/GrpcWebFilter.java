package dev.headgate.grpc;

import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.filter.ResponseBreak;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Translates calls by gRPC-Web, binary and text, to gRPC and their answers back: a browser can neither see trailers nor, in some ways of reading, bytes.
 * So trailers become a last frame of the content, and all of it is base64 in the text form ("gRPC Web" protocol). What is no such call passes as it is.
 */
public final class GrpcWebFilter implements Filter {
    private static final String GRPC = "application/grpc";
    private static final String WEB = "application/grpc-web";
    private static final String TEXT = "application/grpc-web-text";
    private static final int TRAILER_FRAME = 0x80;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** For the routes that ask for it. */
    public GrpcWebFilter() {}

    /** One call. */
    private static final class Call {
        private final String responseType; // without the suffix
        private final @Nullable Base64Decoder decoder;
        private final @Nullable Base64Encoder encoder;
        private final MessageBoundaries boundaries = new MessageBoundaries(); // of the answer
        private boolean isAnswered; // by gRPC, so that there is something to translate
        private byte @Nullable [] trailers;

        Call(boolean isText, boolean wantsText) {
            responseType = wantsText ? TEXT : WEB;
            decoder = isText ? new Base64Decoder() : null;
            encoder = wantsText ? new Base64Encoder() : null;
        }
    }

    @Override
    public Bodies bodies() {
        return Bodies.BOTH;
    }

    @Override
    public void onRequestHead(FilterContext context, RequestHead head) {
        FieldSection fields = head.fields();
        String type = value(fields, Field.CONTENT_TYPE).toLowerCase(Locale.ROOT);
        boolean isText = isOf(type, TEXT);
        if (!isText && !isOf(type, WEB)) {
            return;
        }
        boolean wantsText =
                isText || value(fields, Field.ACCEPT).toLowerCase(Locale.ROOT).contains(TEXT);
        context.state(this, new Call(isText, wantsText));
        set(fields, Field.CONTENT_TYPE, GRPC + type.substring((isText ? TEXT : WEB).length()));
        fields.removeAll(Field.ACCEPT);
        context.makeGrpc();
    }

    /** Whether {@code type} is {@code name}, with a suffix or parameters perhaps. */
    private static boolean isOf(String type, String name) {
        if (!type.startsWith(name)) {
            return false;
        }
        return type.length() == name.length() || ";+ ".indexOf(type.charAt(name.length())) >= 0;
    }

    @Override
    public ByteBuffer onRequestBody(FilterContext context, ByteBuffer bytes) {
        Call call = callOf(context);
        if (call == null || call.decoder == null) {
            return bytes;
        }
        ByteBuffer decoded = call.decoder.decode(bytes);
        if (decoded == null) {
            context.refuseContent();
            return NOTHING;
        }
        return decoded;
    }

    @Override
    public @Nullable ByteBuffer onRequestEnd(FilterContext context) {
        Call call = callOf(context);
        if (call != null && call.decoder != null && !call.decoder.isWhole()) {
            context.refuseContent(); // It ends within a group.
        }
        return null;
    }

    @Override
    public void onResponseHead(FilterContext context, ResponseHead head) {
        Call call = callOf(context);
        String type = value(head.fields(), Field.CONTENT_TYPE);
        if (call == null || !isOf(type.toLowerCase(Locale.ROOT), GRPC)) {
            return;
        }
        call.isAnswered = true;
        set(head.fields(), Field.CONTENT_TYPE, call.responseType + type.substring(GRPC.length()));
    }

    @Override
    public ByteBuffer onResponseBody(FilterContext context, ByteBuffer bytes) {
        Call call = callOf(context);
        if (call == null || !call.isAnswered) {
            return bytes;
        }
        call.boundaries.pass(bytes);
        if (call.encoder == null) {
            return bytes;
        }
        // A message is not to wait for the next one with its last bytes, so it ends with padding.
        ByteBuffer whole = call.encoder.encode(bytes);
        return call.boundaries.isBetweenMessages() ? joined(whole, call.encoder.end()) : whole;
    }

    @Override
    public void onResponseTrailers(FilterContext context, FieldSection trailers) {
        Call call = callOf(context);
        if (call != null && call.isAnswered && trailers.lineBytes() > 0) {
            call.trailers = frame(trailers);
        }
    }

    /** Lines as in HTTP/1.1, with names in lower case, behind a flag and the length. */
    private static byte[] frame(FieldSection trailers) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < trailers.count(); i++) {
            if (trailers.isLive(i)) {
                String line = trailers.name(i).toLowerCase(Locale.ROOT) + ": " + trailers.value(i) + "\r\n";
                lines.writeBytes(line.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return frame(lines.toByteArray());
    }

    private static byte[] frame(byte[] lines) {
        return ByteBuffer.allocate(5 + lines.length)
                .put((byte) TRAILER_FRAME)
                .putInt(lines.length)
                .put(lines)
                .array();
    }

    @Override
    public @Nullable ByteBuffer onResponseEnd(FilterContext context) {
        Call call = callOf(context);
        if (call == null || !call.isAnswered) {
            return null;
        }
        if (!call.boundaries.isBetweenMessages()) {
            context.breakResponse(); // A frame of trailers would be taken for a part of the message.
            return null;
        }
        return end(call, call.trailers == null ? new byte[0] : call.trailers);
    }

    /** Between two messages a frame of trailers says what has happened; within one it would be taken for a part of that. */
    @Override
    public @Nullable ByteBuffer onResponseBreak(FilterContext context, ResponseBreak reason) {
        Call call = callOf(context);
        if (call == null || !call.isAnswered || !call.boundaries.isBetweenMessages()) {
            return null;
        }
        String lines = "grpc-status: " + reason.grpcStatus() + "\r\ngrpc-message: " + reason.cause() + "\r\n";
        return end(call, frame(lines.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static ByteBuffer end(Call call, byte[] trailers) {
        if (call.encoder == null) {
            return ByteBuffer.wrap(trailers);
        }
        return joined(call.encoder.encode(ByteBuffer.wrap(trailers)), call.encoder.end());
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return second.hasRemaining()
                ? ByteBuffer.allocate(first.remaining() + second.remaining())
                        .put(first)
                        .put(second)
                        .flip()
                : first;
    }

    private @Nullable Call callOf(FilterContext context) {
        return (Call) context.state(this);
    }

    private static String value(FieldSection fields, int id) {
        int at = fields.find(id);
        return at < 0 ? "" : fields.value(at);
    }

    private static void set(FieldSection fields, int id, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        fields.removeAll(id);
        if (!fields.add(id, bytes, 0, bytes.length)) {
            throw new IllegalStateException("no room for " + value);
        }
    }
}
