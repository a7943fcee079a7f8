package dev.headgate.fuzz.differential;

import dev.headgate.testkit.peer.Response.Framing;
import java.util.ArrayList;
import java.util.List;

/** A response in the making, open to every kind of damage: strings hold one character per byte. */
final class ResponseParts {
    /** All of what comes before the final response. */
    String before = "";

    String version = "HTTP/1.1";
    String status = " 200";
    String reason = " OK";

    /** Whole field lines without their ends; those that frame the content come last. */
    final List<String> fields = new ArrayList<>();

    String fieldEnd = "\r\n";

    Framing framing = Framing.NONE;

    /** The content as it is framed: chunks are of three strings each, and then the last chunk, trailers and the end. */
    final List<String> content = new ArrayList<>();

    /** Whether content stands behind the head though it is none of it. */
    boolean isHeadOnly;

    /** What was done to it, by name of vector. */
    final List<String> twists = new ArrayList<>();

    String head() {
        var text = new StringBuilder(before + version + status + reason + "\r\n");
        fields.forEach(line -> text.append(line).append(fieldEnd));
        return text + "\r\n";
    }

    @Override
    public String toString() {
        return head() + (isHeadOnly ? "" : String.join("", content));
    }
}
