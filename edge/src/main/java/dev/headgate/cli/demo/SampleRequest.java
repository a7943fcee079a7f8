package dev.headgate.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as a sample origin sees it.
 *
 * @param headLines request line and fields, as received
 * @param contentBytes length of the content, which was read and dropped
 */
record SampleRequest(List<String> headLines, long contentBytes) {
    SampleRequest {
        headLines = List.copyOf(headLines);
    }

    /** The next request, or null when the peer has closed. */
    static @Nullable SampleRequest read(InputStream in) throws IOException {
        List<String> head = SampleMessage.readHead(in);
        return head.isEmpty() ? null : new SampleRequest(head, SampleMessage.skipContent(head, in));
    }

    String method() {
        return word(0);
    }

    String path() {
        return word(1);
    }

    private String word(int index) {
        String[] words = headLines.getFirst().split(" ", -1);
        return index < words.length ? words[index] : "";
    }

    boolean isLast() {
        return SampleMessage.field(headLines, "connection").equals("close")
                || headLines.getFirst().endsWith("HTTP/1.0");
    }
}
