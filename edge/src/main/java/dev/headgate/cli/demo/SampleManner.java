package dev.headgate.cli.demo;

import java.util.Locale;

/** How a sample origin answers, as the last segment of a request's path has it. */
enum SampleManner {
    /** In good order. */
    USUAL,
    /** In good order, and closes the connection. */
    LEAVES,
    /** Says nothing of the content's length: it ends with the connection. */
    ENDS,
    /** Closes the connection within the content. */
    CUTS,
    /** Closes the connection instead. */
    GOES,
    /** Resets the connection instead. */
    RESETS;

    /** The segment that asks for it. */
    String segment() {
        return name().toLowerCase(Locale.ROOT);
    }

    static SampleManner askedBy(SampleRequest request) {
        String path = request.path();
        String last = path.substring(path.lastIndexOf('/') + 1);
        for (SampleManner manner : values()) {
            if (last.equals(manner.segment())) return manner;
        }
        return USUAL;
    }

    /** Whether the connection ends with the answer. */
    boolean isLast() {
        return this != USUAL;
    }

    /** What its answer says of a content of {@code lengthBytes}, and of the connection. */
    String fieldLines(int lengthBytes) {
        return switch (this) {
            case ENDS -> "";
            case LEAVES -> "Content-Length: " + lengthBytes + "\r\nConnection: close\r\n";
            case USUAL, CUTS, GOES, RESETS -> "Content-Length: " + lengthBytes + "\r\n";
        };
    }
}
