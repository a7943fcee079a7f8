package dev.headgate.fuzz.differential;

import java.util.ArrayList;
import java.util.List;

/** A request in the making, open to every kind of damage: strings hold one character per byte. */
final class RequestParts {
    String method = "GET";
    String target = "/";
    String version = "HTTP/1.1";
    String requestLineEnd = "\r\n";

    /** Whole field lines without their ends. */
    final List<String> fields = new ArrayList<>();

    String fieldEnd = "\r\n";
    String headEnd = "\r\n";

    /** The content as it is framed. */
    final List<String> content = new ArrayList<>();

    /** Whether {@link #content} is chunks, of three strings each, and then the last chunk, trailers and the end. */
    boolean isChunked;

    /** What was done to it, by name of vector. */
    final List<String> twists = new ArrayList<>();

    void host(String value) {
        fields.removeIf(line -> line.regionMatches(true, 0, "host:", 0, 5));
        fields.addFirst("Host: " + value);
    }

    @Override
    public String toString() {
        var text = new StringBuilder(method + " " + target + " " + version + requestLineEnd);
        fields.forEach(line -> text.append(line).append(fieldEnd));
        text.append(headEnd);
        content.forEach(text::append);
        return text.toString();
    }
}
