package dev.headgate.testkit.sim;

import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.Ops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The proxy's UDP socket: what it sends and gets may be lost, doubled or late, and so out of order, as the plan of faults says. */
final class SimDatagrams extends Watched implements DatagramSocket {
    /** As much as a socket holds that nobody reads. */
    private static final int WAITING_MAX = 64;

    private final InetSocketAddress peer;
    private final SocketAddress local;
    private final SimChance chance;
    private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
    private boolean isUnreachable; // told of, and not yet by us
    private boolean isClosed;

    SimDatagrams(SimIo io, int number, InetSocketAddress peer, SocketAddress local) {
        super(io, number);
        this.peer = peer;
        this.local = local;
        this.chance = io.simulator().chance().fork();
    }

    @Override
    int readyOps(int watched) {
        return (arrived.isEmpty() && !isUnreachable ? 0 : Ops.READ) & watched;
    }

    @Override
    boolean isGone() {
        return isClosed;
    }

    @Override
    public boolean send(ByteBuffer datagram) throws IOException {
        check(datagram);
        byte[] content = new byte[datagram.remaining()];
        datagram.get(content);
        io().simulator().trace("send-datagram", number(), content.length);
        throwIfUnreachable();
        passOn(() -> arriveAtPeer(content));
        return true;
    }

    private void arriveAtPeer(byte[] content) {
        SimIo.DatagramHost host = io().datagramHost(peer);
        if (host == null) {
            passOn(() -> {
                isUnreachable = true;
                changed();
            });
        } else {
            host.onDatagram(content, answer -> passOn(() -> arrive(answer)));
        }
    }

    private void arrive(byte[] content) {
        if (!isClosed && arrived.size() < WAITING_MAX) {
            io().simulator().trace("datagram", number(), content.length);
            arrived.add(content);
            changed();
        }
    }

    private void passOn(Runnable arrival) {
        FaultPlan faults = io().faults();
        int copies = chance.oneIn(faults.datagramLostOneIn()) ? 0 : chance.oneIn(faults.datagramTwiceOneIn()) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            io().simulator().after(faults.latencyNs(chance), arrival);
        }
    }

    @Override
    public int receive(ByteBuffer target) throws IOException {
        check(target);
        throwIfUnreachable();
        byte[] content = arrived.poll();
        if (content == null) {
            return NOTHING;
        }
        int length = Math.min(content.length, target.remaining());
        target.put(content, 0, length);
        return length;
    }

    private void throwIfUnreachable() throws PortUnreachableException {
        if (isUnreachable) {
            isUnreachable = false;
            throw new PortUnreachableException();
        }
    }

    private void check(ByteBuffer buffer) {
        io().assertLoop();
        if (!buffer.isDirect()) {
            io().simulator().violated("heap buffer reached a socket: #" + number());
        }
        if (isClosed) {
            io().simulator().violated("socket used after its close: #" + number());
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            onGone();
        }
    }

    @Override
    void onDescriptorFree() {
        io().onDatagramSocketGone();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return isClosed ? null : local;
    }
}
