package dev.headgate.testkit.peer;

import dev.headgate.testkit.peer.Response.Framing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The content of one message, taken out of its framing. An end before the announced one is an {@link EOFException}. */
public final class Content extends InputStream {
    private static final int CHUNK_SIZE_DIGITS_MAX = 15;

    private final MessageReader reader;
    private final Framing framing;
    private long remaining;
    private boolean ended;
    private Fields trailers = Fields.NONE;

    Content(MessageReader reader, Framing framing, long length) {
        this.reader = reader;
        this.framing = framing;
        this.remaining = length;
        this.ended = framing == Framing.NONE || (framing == Framing.LENGTH && length == 0);
    }

    /** The trailer fields; none before the end. */
    Fields trailers() {
        return trailers;
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (ended || (framing == Framing.CHUNKED && remaining == 0 && !nextChunk())) {
            return -1;
        }
        int wanted = framing == Framing.CLOSE ? length : (int) Math.min(length, remaining);
        int count = reader.input().read(target, offset, wanted);
        if (count < 0) {
            return onEndOfStream();
        }
        if (framing != Framing.CLOSE) {
            take(count);
        }
        return count;
    }

    private int onEndOfStream() throws EOFException {
        if (framing != Framing.CLOSE) {
            throw new EOFException("end of stream with " + remaining + " bytes of content outstanding");
        }
        ended = true;
        return -1;
    }

    private void take(int count) throws IOException {
        remaining -= count;
        if (remaining > 0) {
            return;
        }
        if (framing == Framing.LENGTH) {
            ended = true;
        } else if (!reader.line().isEmpty()) {
            throw new MalformedMessageException("no line end after chunk data");
        }
    }

    private boolean nextChunk() throws IOException {
        String line = reader.line();
        if (line.isEmpty() || line.length() > CHUNK_SIZE_DIGITS_MAX || !isHex(line)) {
            throw new MalformedMessageException("no plain chunk size: \"" + line + "\"");
        }
        remaining = Long.parseLong(line, 16);
        if (remaining == 0) {
            trailers = reader.fields();
            ended = true;
        }
        return !ended;
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
    }
}
