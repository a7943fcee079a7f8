package dev.headgate.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An origin: the connections to one address, with times at which it is away. */
public final class SimOriginHost implements SimIo.Host {
    private final Simulator simulator;
    private final Ledger ledger;
    private final int upstream;
    private final SimChance chance;
    private final boolean isRough;
    private final boolean isStormy;
    private final int bodyMax;
    private final long thinkingMaxNs;
    private final List<OriginConnection> open = new ArrayList<>();
    private @Nullable Http2Limits http2;
    private Http2Offer offer = Http2Offer.NEVER;
    private @Nullable SimAlpn alpn; // over TLS
    private int http1RequiredOneIn;
    private boolean hasRequiredHttp1;
    private boolean isUp = true;

    /**
     * @param upstream the number of the upstream that it serves
     * @param isRough whether it does what an origin must not
     * @param isStormy whether nearly every request meets a reset before it is answered
     * @param bodyMax longest content of any message
     */
    public SimOriginHost(
            Simulator simulator, Ledger ledger, int upstream, boolean isRough, boolean isStormy, int bodyMax) {
        this.simulator = simulator;
        this.ledger = ledger;
        this.upstream = upstream;
        this.chance = simulator.chance().fork();
        this.isRough = isRough;
        this.isStormy = isStormy;
        this.bodyMax = bodyMax;
        this.thinkingMaxNs = chance.oneIn(3) ? chance.between(1L, 2_000_000_000L) : chance.between(1L, 5_000_000L);
        if (isRough && chance.oneIn(3)) {
            simulator.after(chance.between(0L, 5_000_000_000L), this::flap);
        }
    }

    /** From now on it speaks HTTP/2, to a proxy that has these windows, and mostly takes WebSockets as {@code offered} says. */
    public void speakHttp2(Http2Limits limits, Http2Offer offered) {
        http2 = limits;
        offer = offered;
    }

    /**
     * From now on it speaks over TLS what is chosen there.
     *
     * @param http1RequiredOneIn requests by HTTP/2 that it wants by HTTP/1.1; one who does all that it is asked for wants one at the most
     */
    public void speakSecurely(SimAlpn chosen, int http1RequiredOneIn) {
        this.alpn = chosen;
        this.http1RequiredOneIn = http1RequiredOneIn;
    }

    /** Whether it wants a request by HTTP/1.1. */
    boolean requiresHttp1() {
        if (isProper() && hasRequiredHttp1 || !chance.oneIn(http1RequiredOneIn)) {
            return false;
        }
        hasRequiredHttp1 = true;
        return true;
    }

    private Http2Offer drawnOffer() {
        boolean changesItsMind = offer != Http2Offer.NEVER && isRough && chance.oneIn(6);
        return changesItsMind ? chance.oneOf(Http2Offer.values()) : offer;
    }

    private void flap() {
        isUp = !isUp;
        simulator.trace(isUp ? "origin-up" : "origin-down", 0, 0);
        if (!isUp && chance.nextInt(2) == 0) {
            List.copyOf(open).forEach(OriginConnection::resetNow);
        }
        simulator.after(chance.between(0L, 10_000_000_000L), this::flap);
    }

    @Override
    public void onConnection(PeerEnd end) {
        SimAlpn choice = alpn;
        if (choice == null) {
            begin(end, http2);
            return;
        }
        boolean isRefusing = isRough && chance.oneIn(20);
        new SecurePeerEnd(
                simulator,
                end,
                offered -> isRefusing ? null : choice.choose(offered, chance),
                (secure, protocol) -> begin(secure, protocol.equals(SimAlpn.H2) ? http2 : null));
    }

    private void begin(PeerEnd end, @Nullable Http2Limits limits) {
        if (limits == null) {
            open.add(new SimOrigin(ledger, this, end, chance.fork()));
        } else {
            var origin = new SimHttp2Origin(ledger, this, end, chance.fork(), limits, drawnOffer());
            open.add(origin);
            origin.start();
        }
    }

    @Override
    public boolean isUp() {
        return isUp;
    }

    /** Checks what is on its way through the proxy. */
    public void checkPassing() {
        for (int i = 0; i < open.size(); i++) {
            open.get(i).checkPassing();
        }
    }

    void onGone(OriginConnection origin) {
        open.remove(origin);
    }

    int upstream() {
        return upstream;
    }

    boolean isStormy() {
        return isStormy;
    }

    boolean isRough() {
        return isRough;
    }

    /** Whether it does all that it is asked for. */
    boolean isProper() {
        return !isRough && !isStormy;
    }

    int bodyMax() {
        return bodyMax;
    }

    long thinkingNs(SimChance drawn) {
        return drawn.between(0L, thinkingMaxNs);
    }
}
