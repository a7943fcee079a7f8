package dev.headgate.testkit.memory;

import dev.headgate.engine.io.Chance;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.ReserveDescriptor;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.io.WorkPool;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The outside world in memory. Nothing happens by itself: whoever drives it lets peers send, advances the clock, and calls {@link #step} or
 * {@link #settle}. Connections that have ended at both ends are used again, so that not even a new one allocates here.
 */
public final class MemoryIo implements Io {
    private static final int STEPS_MAX = 100_000;
    private static final long WALL_START_MS = 1_700_000_000_000L;

    private final int pipeBytes;
    private final IoCalls calls = new IoCalls();
    private final SocketAddress near = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
    private final Clock clock = new MemoryClock();
    private final List<MemoryRunner> runners = new ArrayList<>();
    private final List<MemoryPoller> pollers = new ArrayList<>();
    private final List<MemoryListener> listeners = new ArrayList<>();
    private final List<MemorySocket> sockets = new ArrayList<>();
    private final Map<SocketAddress, Consumer<MemoryPeer>> origins = new HashMap<>();
    private final MemoryFiles files = new MemoryFiles();
    private final ArrayDeque<Runnable> blockingWork = new ArrayDeque<>();
    private @Nullable MemoryRunner current;
    private boolean isStrict;
    private long nowNs;

    /** @param pipeBytes how much may be on its way in each direction of a connection */
    public MemoryIo(int pipeBytes) {
        this.pipeBytes = pipeBytes;
    }

    // ---- for the driver

    /** Calls that loops made, since the beginning or the last {@link IoCalls#clear}. */
    public IoCalls calls() {
        return calls;
    }

    /** Puts an origin at {@code address}: it is told of each connection to it. */
    public void origin(SocketAddress address, Consumer<MemoryPeer> onConnection) {
        origins.put(address, onConnection);
    }

    /** Puts a file at {@code path}, which can be read; its bytes are kept. */
    public void file(Path path, byte[] content) {
        files.put(path, content);
    }

    /** Does what waits in pools, and what comes of it, until nothing does: as far as their threads would have got. */
    public void settleWork() {
        settle();
        for (Runnable work = blockingWork.poll(); work != null; work = blockingWork.poll()) {
            work.run();
            settle();
        }
    }

    /** Connects a client to the only listener. */
    public MemoryPeer connectClient() {
        MemoryListener listener = listeners.getFirst();
        MemorySocket socket = newSocket(listener.localAddress(), near, false);
        listener.arrive(socket);
        return socket.peer;
    }

    /** Moves both clocks on. */
    public void advance(long ns) {
        nowNs += ns;
    }

    /** Runs one cycle of the loops if one of them has something to do, and answers whether one had. */
    public boolean step() {
        for (int i = 0; i < pollers.size(); i++) {
            if (pollers.get(i).isReady()) {
                runEach(true);
                return true;
            }
        }
        return false;
    }

    /** Runs one cycle of what is not a loop: writers of logs, for example. */
    public void runAgents() {
        runEach(false);
    }

    private void runEach(boolean loops) {
        for (int i = 0; i < runners.size(); i++) {
            if (runners.get(i).isLoop() == loops) {
                runners.get(i).runOnce();
            }
        }
    }

    /** Runs until every loop would have to wait: as far as threads of their own would have got. */
    public void settle() {
        isStrict = true;
        boolean isWorkDone = true;
        for (int steps = 0; isWorkDone; steps++) {
            if (steps == STEPS_MAX) {
                throw new AssertionError("loops never come to rest");
            }
            isWorkDone = false;
            for (int i = 0; i < runners.size(); i++) {
                isWorkDone |= runners.get(i).runOnce();
            }
        }
        isStrict = false;
    }

    boolean runUntil(BooleanSupplier condition) {
        for (int steps = 0; steps < STEPS_MAX && !condition.getAsBoolean(); steps++) {
            Runnable work = blockingWork.poll();
            if (work != null) {
                work.run();
            }
            for (int i = 0; i < runners.size(); i++) {
                runners.get(i).runOnce();
            }
            advance(1_000_000);
        }
        return condition.getAsBoolean();
    }

    // ---- for the parts

    boolean isStrict() {
        return isStrict;
    }

    long nowNs() {
        return nowNs;
    }

    @Nullable
    MemoryRunner current() {
        return current;
    }

    @Nullable
    MemoryRunner enter(MemoryRunner runner) {
        MemoryRunner before = current;
        current = runner;
        return before;
    }

    void leave(@Nullable MemoryRunner before) {
        current = before;
    }

    void onStarted(MemoryRunner runner) {
        runners.add(runner);
    }

    void onUnlisten(MemoryListener listener) {
        listeners.remove(listener);
    }

    private MemorySocket newSocket(SocketAddress local, SocketAddress remote, boolean connecting) {
        MemorySocket socket = null;
        for (int i = 0; i < sockets.size() && socket == null; i++) {
            socket = sockets.get(i).isOver() ? sockets.get(i) : null;
        }
        if (socket == null) {
            socket = new MemorySocket(this, pipeBytes);
            sockets.add(socket);
        }
        socket.open(local, remote, connecting);
        return socket;
    }

    // ---- Io

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Chance chance(long stream) {
        return new MemoryChance(stream);
    }

    /** For what is run again and again the same way. */
    @Override
    public Chance secretChance() {
        return new MemoryChance(-1);
    }

    @Override
    public Poller openPoller() {
        var poller = new MemoryPoller(this);
        pollers.add(poller);
        return poller;
    }

    @Override
    public ListenSocket listen(SocketAddress address, int backlog, int receiveBufferBytes, PortSharing sharing)
            throws BindException {
        probe(address);
        var listener = new MemoryListener(this, address);
        listeners.add(listener);
        return listener;
    }

    @Override
    public void probe(SocketAddress address) throws BindException {
        if (listeners.stream().anyMatch(listener -> listener.localAddress().equals(address))) {
            throw new BindException("Address already in use");
        }
    }

    @Override
    public boolean supportsPortSharing() {
        return false;
    }

    @Override
    public StreamSocket connect(
            SocketAddress address, @Nullable SocketAddress local, int sendBufferBytes, int receiveBufferBytes)
            throws ConnectException {
        calls.onCall(IoCall.CONNECT);
        Consumer<MemoryPeer> origin = origins.get(address);
        if (origin == null) {
            throw new ConnectException("Connection refused");
        }
        MemorySocket socket = newSocket(local != null ? local : near, address, true);
        origin.accept(socket.peer);
        return socket;
    }

    /** There is nobody here who takes datagrams. */
    @Override
    public DatagramSocket openDatagram(InetSocketAddress peer) throws ConnectException {
        throw new ConnectException("Network is unreachable");
    }

    @Override
    public ReserveDescriptor reserveDescriptor() {
        return new MemoryReserve();
    }

    @Override
    public Runner runner(String name, DutyCycle cycle, long idleNs) {
        return new MemoryRunner(this, cycle, idleNs);
    }

    @Override
    public Gate gate(int count) {
        return new MemoryGate(count);
    }

    @Override
    public WorkPool workPool(String name, int threads, int queueMax) {
        return new MemoryWorkPool();
    }

    @Override
    public NameResolver resolver() {
        return (host, pool, answer) -> false;
    }

    @Override
    public FileAccess files() {
        return files;
    }

    private final class MemoryClock implements Clock {
        @Override
        public long monotonicNs() {
            calls.onCall(IoCall.CLOCK);
            return nowNs;
        }

        @Override
        public long wallMs() {
            calls.onCall(IoCall.WALL_CLOCK);
            return WALL_START_MS + nowNs / 1_000_000;
        }
    }

    /** Marsaglia's xorshift: the same sequence every time. */
    private static final class MemoryChance implements Chance {
        private long state;

        MemoryChance(long stream) {
            state = stream + 0x9E3779B97F4A7C15L;
        }

        @Override
        public long nextLong() {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            return state;
        }

        @Override
        public int nextInt(int bound) {
            return (int) Long.remainderUnsigned(nextLong(), bound);
        }
    }

    private final class MemoryGate implements Gate {
        private int left;

        MemoryGate(int count) {
            left = count;
        }

        @Override
        public void countDown() {
            left = Math.max(0, left - 1);
        }

        @Override
        public boolean await(long timeoutNs) {
            return runUntil(() -> left == 0);
        }
    }

    private final class MemoryWorkPool implements WorkPool {
        private boolean isClosed;

        @Override
        public boolean submit(Runnable work) {
            return !isClosed && blockingWork.add(work);
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static final class MemoryReserve implements ReserveDescriptor {
        private boolean isHeld = true;

        @Override
        public void giveUp() {
            isHeld = false;
        }

        @Override
        public void regain() {
            isHeld = true;
        }

        @Override
        public boolean isHeld() {
            return isHeld;
        }
    }
}
