package dev.headgate.fuzz.oracle;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a request head says, as text of one character per byte.
 *
 * @param query null when there is none
 * @param authority host and port, without a colon that no port follows; empty when no host is named
 * @param port −1 when none is named
 * @param contentLength −1 unless the body has a length
 */
public record RequestModel(
        String method,
        TargetForm form,
        String target,
        String path,
        @Nullable String query,
        String authority,
        String host,
        int port,
        int minorVersion,
        BodyKind body,
        long contentLength,
        boolean persistent,
        boolean expectsContinue,
        List<String> fields) {

    /** What a decoded head says. */
    public static RequestModel of(RequestHead head) {
        ByteBuffer bytes = head.bytes();
        return new RequestModel(
                text(bytes, head.methodOffset(), head.methodLength()),
                head.targetForm(),
                text(bytes, head.targetOffset(), head.targetLength()),
                text(bytes, head.pathOffset(), head.pathLength()),
                head.queryLength() < 0 ? null : text(bytes, head.queryOffset(), head.queryLength()),
                text(bytes, head.authorityOffset(), head.authorityLength()),
                text(bytes, head.hostOffset(), head.hostLength()),
                head.port(),
                head.version() == HttpVersion.HTTP_1_0 ? 0 : 1,
                head.bodyKind(),
                head.contentLength(),
                head.isPersistent(),
                head.expectsContinue(),
                lines(head.fields()));
    }

    /** The live lines of a section, each as {@code name: value}. */
    public static List<String> lines(FieldSection fields) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < fields.count(); i++) {
            if (fields.isLive(i)) {
                lines.add(fields.name(i) + ": " + fields.value(i));
            }
        }
        return lines;
    }

    private static String text(ByteBuffer bytes, int offset, int length) {
        var copy = new byte[length];
        bytes.get(offset, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
