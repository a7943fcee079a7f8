package dev.headgate.testkit.sim;

import static dev.headgate.testkit.sim.BrokenRule.check;

import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.peer.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests that the proxy sends to an origin by HTTP/2 as they leave the proxy, checks every one to the byte, and follows the states of
 * their streams as the proxy knows them (RFC 9113 §5.1). Each stream is an attempt, unless the origin says that it has not looked at it.
 * <pre>
 *   proxy:   OPEN ──END_STREAM──> ENDED
 *   origin:  OPEN ──END_STREAM──> ENDED, from when the proxy has read it
 *   either:  RST_STREAM ──> CLOSED; of the origin's, from when the proxy has read it
 * </pre>
 */
final class Http2RequestWatch {
    private static final int STREAMS = 1 << 16; // more than a connection has in a run

    private final Ledger ledger;
    private final PeerEnd end;
    private final int upstream;
    private final Http2Watch windows;
    private final Http2FieldBlocks blocks = new Http2FieldBlocks();
    private final Map<Integer, Sent> all = new TreeMap<>();
    private int lastId;
    private int refusedAbove = Integer.MAX_VALUE; // as the origin's last GOAWAY says
    private long refusedPosition; // where that ends in what the origin sends
    private boolean isClosedToRequests; // the proxy knows of a GOAWAY
    private boolean hasGoneAway; // the proxy has said so

    /** One request on its way. */
    private static final class Sent {
        private final @Nullable Planned planned;
        private long contentBytes;
        private boolean isEnded;
        private boolean isReset; // by the proxy
        private boolean isQuiet; // the proxy has said that it knows of the stream's end
        private @Nullable Http2Flow answer;
        private long originReset = Long.MAX_VALUE; // where that is in what the origin sends

        Sent(@Nullable Planned planned) {
            this.planned = planned;
        }

        @Override
        public String toString() {
            return planned
                    + (isEnded ? ", ended" : "")
                    + (answer == null ? "" : ", answer ends at " + answer.endPosition);
        }

        boolean isOpen(long readBytes) {
            long originEnd = answer == null ? Long.MAX_VALUE : answer.endPosition;
            return !isReset && originReset > readBytes && !(isEnded && originEnd <= readBytes);
        }
    }

    /** @param upstream the number of the upstream that the origin serves */
    Http2RequestWatch(Ledger ledger, PeerEnd end, int upstream) {
        this.ledger = ledger;
        this.end = end;
        this.upstream = upstream;
        this.windows = Http2Watch.atOrigin(ledger, end, this::onFrame);
    }

    /** The windows beside it, which is what listens. */
    Http2Watch windows() {
        return windows;
    }

    // ---- what the origin says --------------------------------------------------------------------------------------

    /** The origin has this stream's request, and answers it by {@code flow}. */
    void onReceived(int id, Http2Flow flow) {
        Sent sent = all.get(id);
        if (sent != null) {
            sent.answer = flow;
        }
    }

    /** The origin resets a stream, in a frame that ends at {@code position} of what it sends. */
    void onOriginReset(int id, long position) {
        Sent sent = all.get(id);
        if (sent != null) {
            sent.originReset = Math.min(sent.originReset, position);
        }
    }

    /** The proxy has answered a ping that was sent behind the end of a stream which the origin has reset: it says nothing of it any more. */
    void becomeQuiet(int id) {
        Sent sent = all.get(id);
        if (sent != null) {
            sent.isQuiet = true;
        }
    }

    /** The proxy has answered a ping that was sent behind GOAWAY. */
    void closeToRequests() {
        isClosedToRequests = true;
    }

    /** The origin has not looked at this one, and says so in a frame that ends at {@code position}. */
    void refuse(int id, long position) {
        Sent sent = all.get(id);
        if (sent != null && sent.planned != null) {
            sent.planned.excuse(key(id), end, position);
        }
    }

    /** The origin wants this one by HTTP/1.1 (RFC 9113 §7), and says so in a frame that ends at {@code position}. */
    void requireHttp1(int id, long position) {
        Sent sent = all.get(id);
        if (sent != null && sent.planned != null) {
            // Another upstream, a fallback, has said nothing of the kind.
            sent.planned.isHttp1Wanted =
                    asked -> asked == upstream && !sent.isReset && position <= end.readByProxyBytes();
        }
    }

    /** Nor at any above {@code last}, nor will it. */
    void refuseAbove(int last, long position) {
        refusedAbove = last;
        refusedPosition = position;
        all.keySet().stream().filter(id -> id > last).forEach(id -> refuse(id, position));
    }

    // ---- what the proxy says ---------------------------------------------------------------------------------------

    /** Content of this stream that the proxy has sent. */
    long contentBytes(int id) {
        Sent sent = all.get(id);
        return sent == null ? 0 : sent.contentBytes;
    }

    /** Whether this stream is the last attempt of its request. */
    boolean isLast(Planned planned, int id) {
        return !planned.attemptConnections.isEmpty() && planned.attemptConnections.getLast() == key(id);
    }

    private int key(int id) {
        return -(end.number() * STREAMS + id); // below those of connections that are one attempt after the other
    }

    private void onFrame(Frame frame) {
        try {
            take(frame);
        } catch (BrokenRule | IndexOutOfBoundsException | AssertionError e) {
            ledger.violated("I2: to an origin, on #" + end.number() + ": " + e.getMessage());
        }
    }

    private void take(Frame frame) {
        blocks.onFrame(frame);
        int id = frame.streamId();
        switch (frame.type()) {
            case Frames.DATA -> onData(sending(frame), frame);
            case Frames.HEADERS, Frames.CONTINUATION -> {
                List<Field> fields = blocks.take(frame);
                if (fields != null) {
                    onFields(frame, fields);
                }
            }
            case Frames.RST_STREAM -> onRstStream(frame);
            case Frames.WINDOW_UPDATE -> {
                if (id != 0) {
                    sent(frame);
                }
            }
            case Frames.GOAWAY -> hasGoneAway = true;
            default -> {}
        }
    }

    private Sent sent(Frame frame) {
        Sent sent = all.get(frame.streamId());
        if (sent == null) {
            throw new BrokenRule("of an idle stream: " + frame);
        }
        check(!sent.isReset, "behind RST_STREAM: ", frame);
        check(!sent.isQuiet || windows.isBlind(), "the proxy knows that the stream is closed: ", frame);
        return sent;
    }

    private Sent sending(Frame frame) {
        Sent sent = sent(frame);
        check(!sent.isEnded, "behind END_STREAM: ", frame);
        return sent;
    }

    private void onRstStream(Frame frame) {
        sent(frame).isReset = true;
    }

    private void onFields(Frame frame, List<Field> fields) {
        Http2Fields.checkAll(fields);
        if (all.containsKey(frame.streamId())) {
            onTrailers(sending(frame), frame, fields);
            return;
        }
        onRequest(frame, fields);
        if (blocks.endsStream()) {
            end(sending(frame), false);
        }
    }

    private void onTrailers(Sent sent, Frame frame, List<Field> fields) {
        check(blocks.endsStream() && Http2Fields.pseudoCount(fields) == 0, "no trailers: ", frame);
        Planned planned = sent.planned;
        if (planned != null && !planned.isSpoiled) {
            check("1".equals(Http2Fields.value(fields, "x-sum")), "trailers: ", fields);
        }
        end(sent, true);
    }

    private void onRequest(Frame frame, List<Field> fields) {
        int id = frame.streamId();
        check((id & 1) == 1 && id > lastId, "out of order: ", frame);
        check(!isClosedToRequests, "a request behind GOAWAY of the origin: ", frame);
        check(!hasGoneAway, "a request behind GOAWAY of the proxy: ", frame);
        lastId = id;
        long readBytes = end.readByProxyBytes();
        List<Sent> open =
                all.values().stream().filter(one -> one.isOpen(readBytes)).toList();
        check(
                open.size() < windows.streamsMax(),
                "more than " + windows.streamsMax() + " streams, read " + readBytes + ", open " + open + ": ",
                frame);
        String target = Http2Fields.value(fields, ":path");
        String method = Http2Fields.value(fields, ":method");
        check(target != null && method != null, "without target or method: ", fields);
        String scheme = end instanceof SecurePeerEnd ? "https" : "http";
        check(scheme.equals(Http2Fields.value(fields, ":scheme")), "scheme: ", fields);
        if (target == null || method == null) {
            return;
        }
        Planned known = ledger.find(target);
        if (known != null && !known.isSpoiled) {
            checkFields(known, fields);
            check(!known.isHttp1Wanted.test(upstream), "wanted by HTTP/1.1: ", known);
        }
        boolean isForTunnel = known != null && known.tunnel != null && !known.isSpoiled;
        if (isForTunnel) {
            checkTunnel(fields, frame);
        }
        if (known != null && id > refusedAbove) {
            // It may have waited behind other frames, and be on its way elsewhere since the proxy knows of GOAWAY.
            known.excuse(key(id), end, refusedPosition);
        }
        // Whatever asks for a WebSocket is a GET where the client speaks HTTP/1.1.
        all.put(
                id,
                new Sent(ledger.onStream(
                        target, known != null && isForTunnel ? known.method : method, key(id), upstream)));
    }

    private static void checkFields(Planned planned, List<Field> fields) {
        check("sim.example".equals(Http2Fields.value(fields, ":authority")), "authority: ", fields);
        check(Http2Fields.value(fields, "host") == null, "a host beside the authority: ", fields);
        String length = Http2Fields.value(fields, "content-length");
        boolean isSaid = planned.bodyLength >= 0 && !planned.isBodyChunked;
        check(!isSaid || Integer.toString(planned.bodyLength).equals(length), "content-length: ", fields);
        String te = Http2Fields.value(fields, "te");
        check(te == null || te.equals("trailers"), "te: ", fields);
    }

    private void checkTunnel(List<Field> fields, Frame frame) {
        check("CONNECT".equals(Http2Fields.value(fields, ":method")), "method of a WebSocket: ", fields);
        check("websocket".equals(Http2Fields.value(fields, ":protocol")), "protocol of a WebSocket: ", fields);
        check("13".equals(Http2Fields.value(fields, "sec-websocket-version")), "version of a WebSocket: ", fields);
        check(Http2Fields.value(fields, "sec-websocket-key") == null, "key of a WebSocket on a stream: ", fields);
        check(windows.isTunnelOffered(), "a WebSocket that the origin has not offered, as far as is known: ", frame);
        check(!blocks.endsStream(), "a WebSocket that ends with its head: ", frame);
    }

    private static void onData(Sent sent, Frame frame) {
        Planned planned = sent.planned;
        byte[] content = frame.content();
        if (planned != null && planned.tunnel != null && planned.tunnel.isGranted) {
            planned = null; // It is checked as it arrives.
        }
        if (planned != null && !planned.isSpoiled) {
            for (int i = 0; i < content.length; i++) {
                long at = sent.contentBytes + i;
                check(
                        at < planned.bodyLength && content[i] == planned.requestByte(at),
                        "request content differs at " + at + ": ",
                        planned);
            }
        }
        sent.contentBytes += content.length;
        if (frame.has(Frames.END_STREAM)) {
            end(sent, false);
        }
    }

    private static void end(Sent sent, boolean hasTrailers) {
        sent.isEnded = true;
        Planned planned = sent.planned;
        boolean isTunnel = planned != null && planned.tunnel != null && planned.tunnel.isGranted;
        if (planned == null || planned.isSpoiled || isTunnel) {
            return;
        }
        int expected = Math.max(0, planned.bodyLength);
        check(
                sent.contentBytes == expected,
                "request content has " + sent.contentBytes + " of " + expected + " bytes: ",
                planned);
        check(hasTrailers == planned.isSentWithTrailers, "trailers: " + hasTrailers + ": ", planned);
    }
}
