package dev.headgate.testkit.sim;

import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.peer.MalformedMessageException;
import dev.headgate.testkit.peer.Response;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client that asks for WebSockets by HTTP/1.1, each over a connection of its own. */
public final class SimTunnelClient implements TrafficSource, PeerEnd.Peer, SimIo.Connected, MessageStream.Parts {
    private static final int TUNNELS_MAX = 3;

    private final SimIo io;
    private final Ledger ledger;
    private final SimChance chance;
    private final SocketAddress from;
    private final SocketAddress to;
    private final int number;
    private final SimClient.Traffic traffic;
    private final Outbox.Pace sendPace;
    private final Outbox.Pace readPace;
    private int left;
    private boolean isDone;

    // Of the connection.
    private @Nullable PeerEnd end;
    private @Nullable TunnelEnd tunnel;
    private Planned planned;
    private Outbox out;
    private MessageStream stream;
    private boolean isReadPausing;

    @SuppressWarnings("NullAway.Init") // Set with every connection.
    public SimTunnelClient(
            SimIo io, Ledger ledger, int number, SocketAddress from, SocketAddress to, SimClient.Traffic traffic) {
        this.io = io;
        this.ledger = ledger;
        this.chance = io.simulator().chance().fork();
        this.number = number;
        this.from = from;
        this.to = to;
        this.traffic = traffic;
        this.sendPace = traffic.isFair() ? Outbox.Pace.FULL : Outbox.Pace.draw(chance, traffic.bodyMax());
        this.readPace = Outbox.Pace.draw(chance, traffic.bodyMax());
        this.left = chance.between(1, TUNNELS_MAX);
    }

    @Override
    public boolean isDone() {
        return isDone;
    }

    @Override
    public void start() {
        if (left == 0) {
            isDone = true;
            return;
        }
        int upstream =
                traffic.ofTunnels().get(chance.nextInt(traffic.ofTunnels().size()));
        planned = Planned.webSocket(
                number, left, upstream, chance.nextLong(), chance.fork(), traffic.bodyMax(), traffic.isRough());
        left--;
        ledger.add(planned);
        io.connectClient(from, to, this);
    }

    private void startLater() {
        end = null;
        io.simulator().after(chance.between(0L, 50_000_000L), this::start);
    }

    @Override
    public void onRefused() {
        startLater();
    }

    @Override
    public void onConnected(PeerEnd opened) {
        end = opened;
        out = new Outbox(io.simulator(), opened, sendPace, chance);
        stream = MessageStream.ofResponses(this);
        tunnel = null;
        isReadPausing = false;
        opened.owner(this);
        planned.clientEnd = opened;
        planned.passage = new Passage.OfConnection(planned, opened);
        Planned asked = planned;
        out.then(() -> {
            asked.isSent = true;
            asked.requestStart = opened.writtenBytes();
            io.simulator().trace("request", opened.number(), 0, asked.toString());
        });
        out.add("GET " + planned.target + " HTTP/1.1\r\nHost: sim.example\r\nUser-Agent: sim\r\n"
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + tunnelPlan().key + "\r\n\r\n");
        while (tunnelPlan().hasEarly()) {
            out.add(tunnelPlan().up.takeNext());
        }
        out.pump();
        opened.changed();
    }

    private PlannedTunnel tunnelPlan() {
        PlannedTunnel plan = planned.tunnel;
        if (plan == null) {
            throw new AssertionError();
        }
        return plan;
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    @Override
    public void onReady() {
        PeerEnd opened = end;
        if (opened == null) {
            return;
        }
        out.pump();
        if (isReadPausing || end != opened || opened.readableBytes() == 0) {
            return;
        }
        byte[] bytes = opened.read(readPace.piece(opened.readableBytes(), chance));
        try {
            stream.feed(ByteBuffer.wrap(bytes));
        } catch (MalformedMessageException | BrokenRule e) {
            if (!planned.isAnswerSpoiled) {
                violated(String.valueOf(e.getMessage()));
            }
            close();
            return;
        }
        if (end != opened) {
            return;
        }
        isReadPausing = true;
        io.simulator().after(Math.max(1, readPace.pauseNs(chance)), () -> {
            if (end == opened) {
                isReadPausing = false;
                onReady();
            }
        });
    }

    private void violated(String what) {
        ledger.violated("I2: " + what + ": " + planned + ", " + planned.tunnel);
    }

    @Override
    public boolean onResponse(Response head) {
        List<String> ids = head.fields().all("x-sim-id");
        if (head.status() == 101) {
            grant(head, ids);
            return false;
        }
        if (head.status() < 200 || planned.isAnswerSpoiled) {
            return true;
        }
        if (ids.isEmpty() && head.status() < 400) {
            violated("untagged " + head.status());
        } else if (!ids.isEmpty() && (!ids.equals(List.of(planned.target)) || head.status() != planned.status)) {
            violated("answer " + head.status() + " of " + ids);
        }
        planned.isAnsweredByOrigin = !ids.isEmpty() || planned.isNoGrant();
        return true;
    }

    private void grant(Response head, List<String> ids) {
        PeerEnd opened = end;
        PlannedTunnel plan = tunnelPlan();
        boolean isProven =
                WebSocketFrames.acceptOf(plan.key).equals(head.fields().value("sec-websocket-accept"));
        boolean isOurs = isProven && ids.equals(List.of(planned.target));
        if (opened == null || !plan.isGranted || !isOurs && !planned.isAnswerSpoiled) {
            violated("a WebSocket that no origin has granted: " + head);
            return;
        }
        stream.becomeTunnel();
        io.simulator().trace("granted", opened.number(), 0, planned.toString());
        var way = new TunnelEnd.OverConnection(out, opened, this::startLater);
        var made = new TunnelEnd(io.simulator(), plan.up, plan.downAtClient, chance, way);
        tunnel = made;
        made.start();
    }

    @Override
    public void onContent(byte[] bytes, int count) {
        if (tunnel != null) {
            tunnel.onBytes(bytes, count);
            planned.isAnsweredByOrigin |= tunnelPlan().downAtClient.isWhole()
                    || tunnelPlan().downAtClient.isClosing();
        }
    }

    @Override
    public void onMessageEnd() {
        planned.isAnswered = true;
        close();
    }

    @Override
    public void onEnd() {
        TunnelEnd opened = tunnel;
        if (opened == null) {
            close();
            return;
        }
        try {
            opened.onEnd();
            planned.isAnsweredByOrigin = true;
        } catch (BrokenRule e) {
            if (!planned.isAnswerSpoiled) {
                violated(String.valueOf(e.getMessage()));
            }
            close();
        }
    }

    @Override
    public void onReset() {
        if (tunnel != null) {
            tunnel.onReset();
            // An origin that hears no more ends both directions, and what is still under way from here may then destroy
            // what it has said.
            planned.isAnsweredByOrigin |= tunnelPlan().down.ending == TunnelStream.Ending.HANG_UP;
        }
        close();
    }

    private void close() {
        PeerEnd opened = end;
        if (opened != null) {
            out.clear();
            opened.close();
            startLater();
        }
    }

    @Override
    public String toString() {
        return "client of WebSockets at %s: %s left, %s, %s".formatted(from, left, planned, planned.tunnel);
    }
}
