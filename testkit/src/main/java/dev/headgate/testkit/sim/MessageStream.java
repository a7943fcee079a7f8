package dev.headgate.testkit.sim;

import dev.headgate.testkit.peer.Fields;
import dev.headgate.testkit.peer.MalformedMessageException;
import dev.headgate.testkit.peer.MessageReader;
import dev.headgate.testkit.peer.Request;
import dev.headgate.testkit.peer.Response;
import dev.headgate.testkit.peer.Response.Framing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Cuts a stream of bytes into HTTP/1.1 messages as they come, and refuses whatever is not canonical.
 * <pre>
 *   HEAD ──> LENGTH | CHUNK_LINE ⇄ CHUNK_DATA, CHUNK_LINE ──0──> TRAILERS | UNTIL_CLOSE ──> HEAD
 *   HEAD ──switch of protocols──> TUNNEL
 * </pre>
 */
final class MessageStream {
    private static final int HEAD_BYTES_MAX = 512 << 10;
    private static final int CHUNK_LINE_MAX = 18;

    private enum State {
        HEAD,
        LENGTH,
        CHUNK_LINE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        TUNNEL
    }

    /** Takes the parts of messages. */
    interface Parts {
        default void onRequest(Request head) {
            throw new AssertionError("not a server");
        }

        /** Answers whether content may follow: not for HEAD. */
        default boolean onResponse(Response head) {
            throw new AssertionError("not a client");
        }

        void onContent(byte[] bytes, int count);

        void onMessageEnd();
    }

    private final Parts parts;
    private final boolean isOfRequests;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(); // head, chunk line or trailers so far
    private State state = State.HEAD;
    private long left;

    private MessageStream(Parts parts, boolean isOfRequests) {
        this.parts = parts;
        this.isOfRequests = isOfRequests;
    }

    static MessageStream ofRequests(Parts parts) {
        return new MessageStream(parts, true);
    }

    static MessageStream ofResponses(Parts parts) {
        return new MessageStream(parts, false);
    }

    /** Whether the stream is between messages. */
    boolean isBetween() {
        return state == State.HEAD && line.size() == 0;
    }

    /** The first line of a head of which only part has come; empty while not even that is complete. */
    String partialFirstLine() {
        if (state != State.HEAD) {
            return "";
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        return end < 0 ? "" : text.substring(0, end);
    }

    /** Takes all of {@code bytes}. */
    void feed(ByteBuffer bytes) throws MalformedMessageException {
        while (bytes.hasRemaining()) {
            switch (state) {
                case HEAD -> onHeadByte(bytes.get());
                case LENGTH, CHUNK_DATA, UNTIL_CLOSE, TUNNEL -> onContent(bytes);
                case CHUNK_LINE -> onChunkLineByte(bytes.get());
                case CHUNK_END -> onChunkEndByte(bytes.get());
                case TRAILERS -> onTrailerByte(bytes.get());
            }
        }
    }

    /** What follows the head that has come last is no message: its bytes are content without end. */
    void becomeTunnel() {
        state = State.TUNNEL;
    }

    /** The stream has ended in order; answers whether the message is complete, or there was none. */
    boolean end() {
        if (state == State.UNTIL_CLOSE) {
            state = State.HEAD;
            parts.onMessageEnd();
            return true;
        }
        return isBetween();
    }

    private boolean endsWith(String suffix) {
        byte[] bytes = line.toByteArray();
        int start = bytes.length - suffix.length();
        for (int i = 0; i < suffix.length(); i++) {
            if (start < 0 || bytes[start + i] != suffix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void onHeadByte(byte b) throws MalformedMessageException {
        line.write(b);
        if (line.size() > HEAD_BYTES_MAX) {
            throw new MalformedMessageException("head without end");
        }
        if (b == '\n' && endsWith("\r\n\r\n")) {
            byte[] head = line.toByteArray();
            line.reset();
            try {
                onHead(new MessageReader(new ByteArrayInputStream(head)));
            } catch (MalformedMessageException e) {
                throw e;
            } catch (IOException e) {
                throw new MalformedMessageException("head ends early: " + e.getMessage());
            }
        }
    }

    private void onHead(MessageReader reader) throws IOException {
        if (isOfRequests) {
            Request head = reader.requestHead();
            if (head == null) {
                throw new MalformedMessageException("empty head");
            }
            parts.onRequest(head);
            Framing framing = MessageReader.framing(head.fields());
            startContent(framing == Framing.CLOSE ? Framing.NONE : framing, head.fields());
            return;
        }
        Response head = reader.responseHead();
        boolean mayHaveContent = parts.onResponse(head);
        if (head.status() < 200) {
            if (head.framing() != Framing.CLOSE) {
                throw new MalformedMessageException("interim response with framing: " + head);
            }
            return;
        }
        if (head.status() == 204 && head.framing() != Framing.CLOSE) {
            throw new MalformedMessageException("204 with framing: " + head);
        }
        boolean hasContent = mayHaveContent && head.status() != 204 && head.status() != 304;
        startContent(hasContent ? head.framing() : Framing.NONE, head.fields());
    }

    private void startContent(Framing framing, Fields fields) throws MalformedMessageException {
        switch (framing) {
            case NONE -> parts.onMessageEnd();
            case LENGTH -> {
                left = MessageReader.length(fields);
                state = State.LENGTH;
                endIfNothingLeft();
            }
            case CHUNKED -> state = State.CHUNK_LINE;
            case CLOSE -> state = State.UNTIL_CLOSE;
        }
    }

    private void onContent(ByteBuffer bytes) {
        boolean isEndless = state == State.UNTIL_CLOSE || state == State.TUNNEL;
        int count = isEndless ? bytes.remaining() : (int) Math.min(left, bytes.remaining());
        byte[] content = new byte[count];
        bytes.get(content);
        parts.onContent(content, count);
        if (isEndless) {
            return;
        }
        left -= count;
        endIfNothingLeft();
    }

    private void endIfNothingLeft() {
        if (left == 0) {
            if (state == State.CHUNK_DATA) {
                state = State.CHUNK_END;
            } else {
                state = State.HEAD;
                parts.onMessageEnd();
            }
        }
    }

    private void onChunkLineByte(byte b) throws MalformedMessageException {
        line.write(b);
        if (line.size() > CHUNK_LINE_MAX) {
            throw new MalformedMessageException("no plain chunk size: " + line.toString(StandardCharsets.ISO_8859_1));
        }
        if (b != '\n') {
            return;
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        if (!text.matches("[0-9a-fA-F]{1,15}\r\n")) {
            throw new MalformedMessageException("no plain chunk size: \"" + text.strip() + "\"");
        }
        left = Long.parseLong(text.strip(), 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK_DATA;
    }

    private void onChunkEndByte(byte b) throws MalformedMessageException {
        line.write(b);
        if (line.size() == 2) {
            if (!endsWith("\r\n")) {
                throw new MalformedMessageException("no line end after chunk data");
            }
            line.reset();
            state = State.CHUNK_LINE;
        }
    }

    private void onTrailerByte(byte b) throws MalformedMessageException {
        line.write(b);
        if (b != '\n' || line.size() != 2 && !endsWith("\r\n\r\n")) {
            return;
        }
        byte[] section = line.toByteArray();
        line.reset();
        try {
            new MessageReader(new ByteArrayInputStream(section)).fields();
        } catch (MalformedMessageException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedMessageException("trailers end early: " + e.getMessage());
        }
        state = State.HEAD;
        parts.onMessageEnd();
    }
}
