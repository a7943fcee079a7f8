package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.peer.Field;
import dev.headgate.testkit.peer.Fields;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on a stream, as its client sees them (RFC 9113 §5.1, §8.1). Each side goes its own way:
 * <pre>
 *   client:  SENDING ──END_STREAM──> SENT
 *   proxy:   AWAITED ──final head──> BEGUN ──END_STREAM──> ENDED
 *   both:    RST_STREAM of either, or the connection's end
 * </pre>
 */
final class Http2Call implements Passage {
    private static final List<String> OF_CONNECTION =
            List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings");

    final Planned planned;
    final int id;
    private final PeerEnd end;
    private final Http2Watch watch;

    final Http2Windows.Balance balance = new Http2Windows.Balance();
    boolean isFinished; // its client has drawn its conclusions

    // What the client has sent.
    boolean hasTrailers;
    long sentBytes; // of content
    boolean isWithheld; // content waits for 100 (Continue)
    boolean hasEnded;
    boolean isReset; // by the client
    private final ArrayDeque<Piece> underWay = new ArrayDeque<>();
    private long readBytes;

    // What has come.
    private int status;
    private Fields fields = Fields.NONE;
    private @Nullable Fields trailers;
    private long contentBytes;
    private boolean isEnded;
    private long resetCode = -1;
    private boolean isQuiet; // the proxy has said that it knows of the reset

    /** A piece of content: where its frame ends in all that the client sends, and how much content there is up to it. */
    private record Piece(long position, long contentBytes) {}

    /** What came breaks a rule. */
    static final class BrokenRule extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenRule(String message) {
            super(message);
        }
    }

    Http2Call(Planned planned, int id, PeerEnd end, Http2Watch watch) {
        this.planned = planned;
        this.id = id;
        this.end = end;
        this.watch = watch;
        this.isWithheld = planned.expectsContinue;
    }

    // ---- what the client sends -------------------------------------------------------------------------------------

    /** So much content leaves in a frame that ends at {@code position}. */
    void sending(int count, long position) {
        sentBytes += count;
        underWay.add(new Piece(position, sentBytes));
    }

    /** Whether content, or the end behind it, is still to be sent, and may be. */
    boolean wantsToSend() {
        return !hasEnded && !isWithheld && !isReset && resetCode < 0;
    }

    long unsentBytes() {
        return Math.max(0, planned.bodyLength) - sentBytes;
    }

    void becomeQuiet() {
        isQuiet = true;
    }

    // ---- what comes ------------------------------------------------------------------------------------------------

    int status() {
        return status;
    }

    boolean isTagged() {
        return fields.has("x-sim-id");
    }

    boolean isTaggedWith(String target) {
        return fields.all("x-sim-id").equals(List.of(target));
    }

    long contentBytes() {
        return contentBytes;
    }

    /** Whether a whole response has come. */
    boolean isAnswered() {
        return isEnded;
    }

    /** The code of the proxy's RST_STREAM, or −1. */
    long resetCode() {
        return resetCode;
    }

    /** Whether nothing more is to be expected of either side. */
    boolean isOver() {
        return isReset || resetCode >= 0 || isEnded && hasEnded;
    }

    /** A field section has come; answers the interim status, or 0 when it is none. */
    int onFields(List<Field> lines, boolean ends) {
        checkOpen("HEADERS");
        lines.forEach(Http2Call::checkField);
        if (status != 0) {
            check(ends, "trailers that end nothing");
            check(lines.stream().noneMatch(line -> line.name().startsWith(":")), "pseudo-header field in trailers");
            trailers = new Fields(lines);
        } else {
            check(!lines.isEmpty() && lines.getFirst().name().equals(":status"), "no :status first: " + lines);
            check(
                    lines.stream().filter(line -> line.name().startsWith(":")).count() == 1,
                    "more than one pseudo-header field: " + lines);
            String text = lines.getFirst().value();
            check(text.matches("[1-5][0-9][0-9]") && !text.equals("101"), "status " + text);
            int code = Integer.parseInt(text);
            if (code < 200) {
                check(!ends, "an interim response that ends");
                return code;
            }
            status = code;
            fields = new Fields(lines.subList(1, lines.size()));
            check(code != 204 || !fields.has("content-length"), "204 with a length");
        }
        end(ends);
        return 0;
    }

    private static void checkField(Field line) {
        String name = line.name();
        check(!name.isEmpty() && name.equals(name.toLowerCase(Locale.ROOT)), "name \"" + name + "\"");
        check(!OF_CONNECTION.contains(name), "field of a connection: " + name);
        check(line.value().equals(line.value().strip()), "value of " + name + ": \"" + line.value() + "\"");
        check(
                line.value().chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n'),
                "value of " + name + ": \"" + line.value() + "\"");
    }

    /** Content has come; {@code isChecked} asks for it to be what the origin has sent. */
    void onData(byte[] bytes, boolean ends, boolean isChecked) {
        checkOpen("DATA");
        check(status != 0, "DATA before a head");
        check(bytes.length == 0 || mayHaveContent(), "content where there is none");
        if (isChecked && isTagged()) {
            for (int i = 0; i < bytes.length; i++) {
                long at = contentBytes + i;
                check(
                        at < planned.contentLength && bytes[i] == planned.responseByte(at),
                        "response content differs at " + at);
            }
        }
        contentBytes += bytes.length;
        end(ends);
    }

    private boolean mayHaveContent() {
        return !planned.method.equals("HEAD") && status != 204 && status != 304;
    }

    private void end(boolean ends) {
        if (!ends) {
            return;
        }
        isEnded = true;
        String length = fields.value("content-length");
        if (length != null && mayHaveContent()) {
            check(Long.parseLong(length) == contentBytes, "content-length " + length + ", content " + contentBytes);
        }
    }

    /** Checks a whole response against what the origin owes. */
    void checkWhole() {
        int expected = planned.hasAnswerContent() ? planned.contentLength : 0;
        check(contentBytes == expected, "complete with " + contentBytes + " of " + expected + " bytes");
        boolean hasTrailers = planned.hasTrailers && planned.hasAnswerContent();
        Fields came = trailers;
        check(
                hasTrailers == (came != null) && (came == null || "1".equals(came.value("x-sum"))),
                "trailers " + came + ", the origin sent " + (hasTrailers ? "some" : "none"));
    }

    /** The proxy has reset the stream. */
    void onReset(int code) {
        checkNotQuiet("RST_STREAM");
        check(resetCode < 0, "RST_STREAM twice");
        check(!isEnded || planned.bodyLength >= 0, "RST_STREAM of a stream that both sides have ended");
        check(isReset || isEnded == (code == Codes.NO_ERROR), "RST_STREAM " + Codes.name(code) + ", whole: " + isEnded);
        resetCode = Integer.toUnsignedLong(code);
    }

    void onWindowUpdate() {
        checkNotQuiet("WINDOW_UPDATE");
        check(resetCode < 0, "WINDOW_UPDATE behind RST_STREAM");
        check(planned.bodyLength >= 0, "WINDOW_UPDATE for a request without content");
    }

    private void checkOpen(String what) {
        checkNotQuiet(what);
        check(resetCode < 0, what + " behind RST_STREAM");
        check(!isEnded, what + " behind END_STREAM");
    }

    private void checkNotQuiet(String what) {
        check(!isQuiet, what + " after the proxy knew of the client's RST_STREAM");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new BrokenRule(otherwise);
        }
    }

    // ---- how far it has come ---------------------------------------------------------------------------------------

    @Override
    public long requestReadBytes() {
        while (!underWay.isEmpty() && underWay.element().position() <= end.readByProxyBytes()) {
            readBytes = underWay.remove().contentBytes();
        }
        return readBytes;
    }

    @Override
    public long responseWrittenBytes() {
        return watch.contentBytes(id);
    }

    @Override
    public boolean isEndedByProxy() {
        return end.isEndedByProxy() || end.isClosed() || isReset || isEnded || resetCode >= 0;
    }

    @Override
    public String toString() {
        return "stream " + id + ", " + planned + (hasEnded ? "" : ", sent " + sentBytes) + (isReset ? ", reset" : "")
                + (status == 0 ? "" : ", status " + status + ", " + contentBytes + " bytes")
                + (isEnded ? ", whole" : "")
                + (resetCode < 0 ? "" : ", RST_STREAM " + Codes.name((int) resetCode));
    }
}
