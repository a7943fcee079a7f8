package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Codes;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/** WebSockets that an origin grants on the streams of one connection. */
final class Http2Grants {
    private final Simulator simulator;
    private final Http2Link link;
    private final Http2Answers answers;
    private final SimChance chance;
    private final ObjIntConsumer<Http2Answer> reset;

    /** @param reset resets a stream, with a code */
    Http2Grants(
            Simulator simulator,
            Http2Link link,
            Http2Answers answers,
            SimChance chance,
            ObjIntConsumer<Http2Answer> reset) {
        this.simulator = simulator;
        this.link = link;
        this.answers = answers;
        this.chance = chance;
        this.reset = reset;
    }

    void grant(Http2Answer call, Planned planned, PlannedTunnel asked) {
        asked.grant();
        simulator.trace("grant", link.number(), call.id, planned.toString());
        TunnelStream down = asked.down;
        boolean endsAtOnce = !down.hasNext() && down.ending == TunnelStream.Ending.END && chance.nextInt(2) == 0;
        var way = new Http2TunnelWay(link, call.flow, code -> reset.accept(call, code));
        var opened = new TunnelEnd(simulator, down, asked.upAtOrigin, chance, way);
        call.become(opened, down, way);
        link.queue(answers.grant(planned, call.id, endsAtOnce));
        if (endsAtOnce) {
            down.onEnded();
            call.flow.hasEnded = true;
            call.flow.endPosition = link.queuedBytes();
            opened.startEnded();
        } else {
            opened.start();
        }
    }

    /** Tells a WebSocket of something. Where that should not be, a client that changes bits may be why. */
    void tell(Http2Answer call, Consumer<TunnelEnd> what) {
        TunnelEnd opened = call.tunnel;
        Planned planned = call.planned;
        if (opened == null || planned == null) {
            return;
        }
        try {
            what.accept(opened);
        } catch (BrokenRule e) {
            if (!planned.isSpoiled) {
                throw new BrokenRule(e.getMessage() + ", of " + planned);
            }
            reset.accept(call, Codes.CANCEL);
        }
    }
}
