package dev.headgate.testkit.sim;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client that speaks HTTP/2 from the first byte on: sends its requests side by side over one connection after the other, and checks every
 * frame and every byte of each answer. It shares no code with the proxy's.
 */
public final class SimHttp2Client implements TrafficSource, SimIo.Connected {
    private static final int RECONNECTS_MAX = 4;

    private final SimIo io;
    private final Ledger ledger;
    private final SimChance chance;
    private final SocketAddress from;
    private final SocketAddress to;
    private final Http2Limits limits;
    private final int number;
    private final int bodyMax;
    private final int upstreams;
    private final Http2Manner manner;
    private final Style style;
    private final ArrayDeque<Planned> todo = new ArrayDeque<>();
    private @Nullable Http2ClientConnection connection;
    private int requests;
    private int connects;
    private boolean isDone;

    /**
     * What it does on all its connections.
     *
     * @param depth most requests at a time
     * @param waitsForSettings whether the first ones wait until it knows how many there may be
     * @param habits of its connections
     * @param pauseMaxNs longest pause when all is answered
     * @param resetsOneIn requests that are taken back
     */
    record Style(int depth, boolean waitsForSettings, Http2Habits habits, long pauseMaxNs, int resetsOneIn) {
        static Style draw(SimChance chance, SimClient.Traffic traffic) {
            return new Style(
                    chance.oneOf(1, 2, 4, 100),
                    chance.nextInt(2) == 0,
                    Http2Habits.draw(chance, traffic.bodyMax(), traffic.isFair()),
                    chance.oneOf(0L, 10_000_000L, 4_000_000_000L),
                    chance.oneOf(0, 3, 8));
        }
    }

    public SimHttp2Client(
            SimIo io,
            Ledger ledger,
            int number,
            SocketAddress from,
            SocketAddress to,
            SimClient.Traffic traffic,
            Http2Limits limits) {
        this.io = io;
        this.ledger = ledger;
        this.chance = io.simulator().chance().fork();
        this.number = number;
        this.from = from;
        this.to = to;
        this.limits = limits;
        this.bodyMax = traffic.bodyMax();
        this.upstreams = traffic.upstreams();
        this.manner = traffic.isRough() && chance.nextInt(2) == 0
                ? Http2Manner.values()[chance.nextInt(Http2Manner.values().length)]
                : Http2Manner.PROPER;
        this.style = Style.draw(chance, traffic);
        int count = chance.between(1, 2 * traffic.requestsMax());
        for (int i = 0; i < count; i++) {
            boolean isTunnel = !traffic.ofTunnels().isEmpty() && chance.oneIn(3);
            plan(isTunnel ? tunnel(i, traffic) : request(i));
        }
        if (manner == Http2Manner.CORRUPT) {
            ledger.expectSpoilers();
        }
    }

    private Planned request(int index) {
        return Planned.http2(number, index, chance.nextInt(upstreams), chance.nextLong(), chance.fork(), bodyMax);
    }

    private Planned tunnel(int index, SimClient.Traffic traffic) {
        int upstream =
                traffic.ofTunnels().get(chance.nextInt(traffic.ofTunnels().size()));
        return Planned.webSocket(number, index, upstream, chance.nextLong(), chance.fork(), bodyMax, traffic.isRough());
    }

    private void plan(Planned planned) {
        planned.isSpoiled = manner == Http2Manner.CORRUPT;
        requests++;
        ledger.add(planned);
        todo.add(planned);
    }

    @Override
    public boolean isDone() {
        return isDone;
    }

    @Override
    public void start() {
        connect();
    }

    private void connect() {
        if (todo.isEmpty() || connects > RECONNECTS_MAX + requests) {
            isDone = true;
            return;
        }
        connects++;
        io.connectClient(from, to, this);
    }

    private void connectLater() {
        io.simulator().after(chance.between(0L, 50_000_000L), this::connect);
    }

    @Override
    public void onRefused() {
        todo.poll(); // Given up: a proxy that does not listen may never do so again.
        connectLater();
    }

    @Override
    public void onConnected(PeerEnd opened) {
        var made = new Http2ClientConnection(this, ledger, chance, opened, manner, style, limits);
        connection = made;
        made.start();
    }

    // ---- for its connection ----------------------------------------------------------------------------------------

    /** Requests that are still to be sent. */
    int leftCount() {
        return todo.size();
    }

    boolean isNextTunnel() {
        Planned next = todo.peek();
        return next != null && next.tunnel != null;
    }

    Planned takeNext() {
        return todo.remove();
    }

    /** This one is sent first. */
    void putBack(Planned planned) {
        todo.addFirst(planned);
    }

    /** Plans a request with so much content, if it would. */
    boolean planRefill(long length) {
        if (length > 4L * bodyMax || !chance.oneIn(2)) {
            return false;
        }
        plan(Planned.post(
                number, requests, chance.nextInt(upstreams), chance.nextLong(), chance.fork(), bodyMax, (int) length));
        return true;
    }

    void onMisbehaved(Http2Manner done) {
        switch (done) {
            case ENDING, SILENT -> todo.clear();
            case NOT_READING -> isDone = true;
            case PROPER, WITHHOLDING, IGNORING, HALF_CLOSING, CLOSING, RESETTING, CORRUPT, POISONOUS -> {}
        }
    }

    void connectionEnded() {
        connection = null;
        if (!isDone) {
            connectLater();
        }
    }

    @Override
    public String toString() {
        return "HTTP/2 client at %s: %s, %s left, %s".formatted(from, manner, todo.size(), connection);
    }
}
