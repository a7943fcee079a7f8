package dev.headgate.testkit.h2;

import dev.headgate.testkit.peer.Field;
import dev.headgate.testkit.peer.Fields;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One response in the making, checked as strictly as RFC 9113 §8 allows. */
final class Incoming {
    private static final List<String> OF_CONNECTION =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final int streamId;
    private final List<Integer> interim = new ArrayList<>();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private Fields fields = Fields.NONE;
    private Fields trailers = Fields.NONE;
    private int status;
    private boolean isEnded;
    private long resetCode = -1;

    /** Of a request by HEAD, whose length is that of another content. */
    boolean isWithoutContent;

    Incoming(int streamId) {
        this.streamId = streamId;
    }

    boolean isOver() {
        return isEnded || resetCode >= 0;
    }

    int status() {
        return status;
    }

    int contentBytes() {
        return content.size();
    }

    void onFields(List<Field> lines, boolean ends) {
        checkOpen("HEADERS");
        lines.forEach(Incoming::checkField);
        if (status != 0) {
            check(ends, "trailers that end nothing");
            check(lines.stream().noneMatch(line -> line.name().startsWith(":")), "pseudo-header field in trailers");
            trailers = new Fields(lines);
        } else {
            check(!lines.isEmpty() && lines.getFirst().name().equals(":status"), "no :status first: " + lines);
            check(
                    lines.stream().filter(line -> line.name().startsWith(":")).count() == 1,
                    "more than one pseudo-header field");
            int code = Integer.parseInt(lines.getFirst().value());
            check(code >= 100 && code <= 599 && code != 101, "status " + code);
            if (code < 200) {
                check(!ends, "an interim response that ends");
                interim.add(code);
                return;
            }
            status = code;
            fields = new Fields(lines.subList(1, lines.size()));
        }
        end(ends);
    }

    private static void checkField(Field line) {
        String name = line.name();
        check(!name.isEmpty() && name.equals(name.toLowerCase(Locale.ROOT)), "name \"" + name + "\"");
        check(!OF_CONNECTION.contains(name), "field of a connection: " + name);
        check(
                line.value().equals(line.value().strip())
                        && line.value().chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n'),
                "value of " + name + ": \"" + line.value() + "\"");
    }

    void onData(byte[] bytes, boolean ends) {
        checkOpen("DATA");
        check(status != 0, "DATA before a head");
        content.writeBytes(bytes);
        end(ends);
    }

    private void end(boolean ends) {
        isEnded |= ends;
        String length = fields.value("content-length");
        if (ends && length != null && !isWithoutContent && status != 304) {
            check(Long.parseLong(length) == content.size(), "content-length " + length + ", content " + content.size());
        }
    }

    void onReset(int code) {
        resetCode = Integer.toUnsignedLong(code);
    }

    private void checkOpen(String what) {
        check(!isOver(), what + " behind the end");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    Http2Response response() {
        return new Http2Response(
                streamId,
                status,
                fields,
                List.copyOf(interim),
                content.toString(StandardCharsets.ISO_8859_1),
                trailers,
                isEnded,
                resetCode);
    }
}
