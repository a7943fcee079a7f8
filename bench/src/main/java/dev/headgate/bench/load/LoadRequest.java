package dev.headgate.bench.load;

import java.util.List;
import java.util.Objects;

/**
 * A request and what its answer must be. {@link #get} and {@link #post} begin one; each {@code with…} answers a changed copy.
 *
 * @param method as on the wire
 * @param target path with query
 * @param host value of Host; empty takes the address of the plan
 * @param fieldLines further field lines, {@code "name: value"}
 * @param bodyBytes length of the content, which is the pattern that the built-in origin answers with too
 * @param bodyFraming how the content's end is told
 * @param expectedStatus any other is an error
 * @param expectedBytes length of the answer's content; any other is an error, and {@link #ANY_LENGTH} takes all
 * @param isContentVerified whether the answer's content has to be the built-in origin's, byte for byte
 */
public record LoadRequest(
        String method,
        String target,
        String host,
        List<String> fieldLines,
        long bodyBytes,
        BodyFraming bodyFraming,
        int expectedStatus,
        long expectedBytes,
        boolean isContentVerified) {
    public static final long ANY_LENGTH = -1;

    private static final int STATUS_OK = 200;

    /** How a request's content is framed. */
    public enum BodyFraming {
        /** There is none. */
        NONE,
        /** Content-Length. */
        LENGTH,
        /** The chunked coding, with 16 KiB in a chunk. */
        CHUNKED
    }

    public LoadRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(target, "target");
        fieldLines = List.copyOf(fieldLines);
        if (bodyBytes < 0 || bodyBytes > 0 && bodyFraming == BodyFraming.NONE) {
            throw new IllegalArgumentException("no such content: bodyBytes=" + bodyBytes + ", framing=" + bodyFraming);
        }
        if (expectedBytes < ANY_LENGTH) {
            throw new IllegalArgumentException("no such length: expectedBytes=" + expectedBytes);
        }
    }

    /** GET for {@code target}, whose answer has {@code expectedBytes} of content. */
    public static LoadRequest get(String target, long expectedBytes) {
        return new LoadRequest("GET", target, "", List.of(), 0, BodyFraming.NONE, STATUS_OK, expectedBytes, false);
    }

    /** POST to {@code target}, with an answer of any length. */
    public static LoadRequest post(String target, long bodyBytes, BodyFraming framing) {
        return new LoadRequest("POST", target, "", List.of(), bodyBytes, framing, STATUS_OK, ANY_LENGTH, false);
    }

    public LoadRequest withMethod(String name) {
        return new LoadRequest(
                name,
                target,
                host,
                fieldLines,
                bodyBytes,
                bodyFraming,
                expectedStatus,
                expectedBytes,
                isContentVerified);
    }

    public LoadRequest withHost(String value) {
        return new LoadRequest(
                method,
                target,
                value,
                fieldLines,
                bodyBytes,
                bodyFraming,
                expectedStatus,
                expectedBytes,
                isContentVerified);
    }

    public LoadRequest withFieldLines(List<String> lines) {
        return new LoadRequest(
                method, target, host, lines, bodyBytes, bodyFraming, expectedStatus, expectedBytes, isContentVerified);
    }

    public LoadRequest withExpectedStatus(int status) {
        return new LoadRequest(
                method, target, host, fieldLines, bodyBytes, bodyFraming, status, expectedBytes, isContentVerified);
    }

    public LoadRequest withExpectedBytes(long length) {
        return new LoadRequest(
                method, target, host, fieldLines, bodyBytes, bodyFraming, expectedStatus, length, isContentVerified);
    }

    /** Compares every byte of the answer's content with what the built-in origin sends. */
    public LoadRequest verified() {
        return new LoadRequest(
                method, target, host, fieldLines, bodyBytes, bodyFraming, expectedStatus, expectedBytes, true);
    }
}
