package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Frames;
import java.util.Collection;
import java.util.List;

/** Whose turn it is to send content, and in which frames: one frame at a time, of any stream that has some and may send it. */
final class Http2Turns {
    private final Http2Link link;
    private final Collection<Http2Flow> flows;
    private final SimChance chance;
    private final int pieceBytesMax;
    private boolean isQueued;

    /** @param flows all streams of the connection, in order, as they come */
    Http2Turns(Http2Link link, Collection<Http2Flow> flows, SimChance chance, int pieceBytesMax) {
        this.link = link;
        this.flows = flows;
        this.chance = chance;
        this.pieceBytesMax = pieceBytesMax;
    }

    /** Queues one frame; the next when that one is written. */
    void send() {
        if (isQueued) {
            return;
        }
        List<Http2Flow> ready = flows.stream()
                .filter(flow -> flow.wantsToSend()
                        && (flow.unsentBytes() == 0 || link.windows().sendable(flow.balance) > 0))
                .toList();
        if (ready.isEmpty()) {
            return;
        }
        Http2Flow flow = ready.get(chance.nextInt(ready.size()));
        if (flow.unsentBytes() == 0 && flow.hasTrailers) {
            flow.hasEnded = true;
            link.queue(link.sections().trailers(flow.id));
            flow.endPosition = link.queuedBytes();
        } else {
            sendData(flow);
        }
        isQueued = true;
        link.then(() -> {
            isQueued = false;
            link.onSent(flow);
            link.sendContent();
        });
    }

    private void sendData(Http2Flow flow) {
        Http2Windows windows = link.windows();
        int padding = !flow.isPlain && chance.oneIn(6) ? chance.nextInt(256) : -1;
        long room = Math.min(windows.sendable(flow.balance), link.proxyFrameBytesMax());
        if (room <= padding + 1 || flow.unsentBytes() == 0) {
            padding = -1;
        }
        int most = (int) Math.min(flow.unsentBytes(), room - padding - 1);
        int length = Math.min(most, chance.between(1, pieceBytesMax));
        if (!flow.isPlain && length > 0 && chance.oneIn(20)) {
            length = 0;
        }
        length = Math.max(0, length);
        boolean isLast = length == flow.unsentBytes() && !flow.hasTrailers && !flow.isCut;
        boolean ends = isLast && (length == 0 || !chance.oneIn(4));
        byte[] frame = data(flow, length, padding, ends);
        flow.hasEnded = ends;
        windows.sent(flow.balance, length + padding + 1);
        link.trace("send-data", flow.id, length + padding + 1);
        link.queue(frame);
        flow.sending(length, link.queuedBytes());
        if (ends) {
            flow.endPosition = link.queuedBytes() - Math.max(0, padding); // The proxy need not wait for that.
        }
    }

    private static byte[] data(Http2Flow flow, int length, int padding, boolean ends) {
        int start = padding < 0 ? 0 : 1;
        byte[] payload = new byte[start + length + Math.max(0, padding)];
        flow.copy(payload, start, length);
        int flags = ends ? Frames.END_STREAM : 0;
        if (padding >= 0) {
            payload[0] = (byte) padding;
            flags |= Frames.PADDED;
        }
        return Frames.frame(Frames.DATA, flags, flow.id, payload);
    }
}
