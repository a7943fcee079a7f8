package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.peer.Field;
import dev.headgate.testkit.peer.Fields;
import java.util.List;
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
    final Planned planned;
    final int id;
    final Http2Flow flow;
    private final PeerEnd end;
    private final Http2Watch watch;

    @Nullable
    TunnelEnd tunnel; // once it is granted

    @Nullable
    Http2TunnelWay tunnelWay; // likewise

    boolean isFinished; // its client has drawn its conclusions
    boolean isReset; // by the client

    // What has come.
    private int status;
    private Fields fields = Fields.NONE;
    private @Nullable Fields trailers;
    private long contentBytes;
    private boolean isEnded;
    private long resetCode = -1;
    private boolean isQuiet; // the proxy has said that it knows of the reset

    Http2Call(Planned planned, int id, PeerEnd end, Http2Watch watch) {
        this.planned = planned;
        this.id = id;
        this.end = end;
        this.watch = watch;
        PlannedTunnel asked = planned.tunnel;
        this.flow = new Http2Flow(id, asked == null ? planned::requestByte : asked::sentUp);
        flow.isCut = asked != null;
        flow.wholeBytes = Math.max(0, planned.bodyLength);
        flow.isWithheld = planned.expectsContinue;
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
        return isReset || resetCode >= 0 || isEnded && flow.hasEnded;
    }

    /** A field section has come; answers the interim status, or 0 when it is none. */
    int onFields(List<Field> lines, boolean ends) {
        checkOpen("HEADERS");
        Http2Fields.checkAll(lines);
        if (status != 0) {
            check(ends, "trailers that end nothing");
            check(Http2Fields.pseudoCount(lines) == 0, "pseudo-header field in trailers");
            trailers = new Fields(lines);
        } else {
            check(!lines.isEmpty() && lines.getFirst().name().equals(":status"), "no :status first: " + lines);
            check(Http2Fields.pseudoCount(lines) == 1, "more than one pseudo-header field: ", lines);
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

    /** Content has come; {@code isChecked} asks for it to be what the origin has sent. */
    void onData(byte[] bytes, boolean ends, boolean isChecked) {
        checkOpen("DATA");
        check(status != 0, "DATA before a head");
        check(bytes.length == 0 || mayHaveContent(), "content where there is none");
        if (tunnel != null) {
            if (!planned.isAnswerSpoiled) {
                tunnel.onBytes(bytes, bytes.length);
            }
        } else if (isChecked && isTagged()) {
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
        flow.isReceiving = false;
        if (tunnel != null) {
            if (!planned.isAnswerSpoiled) {
                tunnel.onEnd();
            }
            return;
        }
        String length = fields.value("content-length");
        if (length != null && mayHaveContent()) {
            check(Long.parseLong(length) == contentBytes, "content-length " + length + ", content " + contentBytes);
        }
    }

    /** Checks a whole response against what the origin owes. */
    void checkWhole() {
        int expected = planned.hasAnswerContent() ? planned.contentLength : 0;
        check(contentBytes == expected, "complete with " + contentBytes + " of " + expected + " bytes");
        boolean hasTrailers = planned.hasTrailers && planned.hasAnswerContent() && planned.tunnel == null;
        Fields came = trailers;
        check(
                hasTrailers == (came != null) && (came == null || "1".equals(came.value("x-sum"))),
                "trailers " + came + ", the origin sent " + (hasTrailers ? "some" : "none"));
    }

    /** The proxy has reset the stream. */
    void onReset(int code) {
        checkNotQuiet("RST_STREAM");
        check(resetCode < 0, "RST_STREAM twice");
        check(!isEnded || mayHaveUpload(), "RST_STREAM of a stream that both sides have ended");
        check(
                isReset || planned.tunnel != null || isEnded == (code == Codes.NO_ERROR),
                "RST_STREAM " + Codes.name(code) + ", whole: " + isEnded);
        if (tunnel != null) {
            tunnel.onReset();
        }
        resetCode = Integer.toUnsignedLong(code);
        flow.stop();
    }

    void onWindowUpdate() {
        checkNotQuiet("WINDOW_UPDATE");
        check(resetCode < 0, "WINDOW_UPDATE behind RST_STREAM");
        check(mayHaveUpload(), "WINDOW_UPDATE for a request without content");
    }

    private boolean mayHaveUpload() {
        return planned.bodyLength >= 0 || planned.tunnel != null;
    }

    private void checkOpen(String what) {
        checkNotQuiet(what);
        check(resetCode < 0, what + " behind RST_STREAM");
        check(!isEnded, what + " behind END_STREAM");
    }

    private void checkNotQuiet(String what) {
        check(!isQuiet, what + " after the proxy knew of the client's RST_STREAM");
    }

    // ---- how far it has come ---------------------------------------------------------------------------------------

    @Override
    public long requestReadBytes() {
        return flow.readBytes(end);
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
        return "stream " + id + ", " + planned + (flow.hasEnded ? "" : ", sent " + flow.sentBytes)
                + (isReset ? ", reset" : "")
                + (status == 0 ? "" : ", status " + status + ", " + contentBytes + " bytes")
                + (isEnded ? ", whole" : "")
                + (resetCode < 0 ? "" : ", RST_STREAM " + Codes.name((int) resetCode));
    }
}
