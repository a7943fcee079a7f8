package dev.headgate.testkit.sim;

import dev.headgate.engine.io.Chance;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.DescriptorLimitException;
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
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine's whole outside world, in virtual time. */
public final class SimIo implements Io {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long WALL_START_MS = 1_700_000_000_000L;
    private static final int EPHEMERAL_PORT_MIN = 32_768;

    private final Simulator simulator;
    private final FaultPlan faults;
    private final SimChance chance;
    private final SimDescriptors descriptors;
    private final Sabotage.Running sabotage;
    private final SimNames names;
    private final SimFiles files;
    private final SimClock clock;
    private final List<SimListener> listeners = new ArrayList<>();
    private final Map<SocketAddress, Host> hosts = new HashMap<>(); // looked up only
    private final Map<SocketAddress, DatagramHost> datagramHosts = new HashMap<>(); // likewise
    private final Map<SocketAddress, Integer> openTo = new HashMap<>();
    private final long chanceSeed;
    private @Nullable SimRunner current;
    private int numbers;
    private int datagramSockets;

    /** Who answers at an address that the proxy connects to. */
    public interface Host {
        /** A connection of the proxy's is open. Called as an event. */
        void onConnection(PeerEnd end);

        /** Whether it listens now. */
        boolean isUp();
    }

    /** Who answers datagrams at an address that the proxy sends to. */
    public interface DatagramHost {
        /** A datagram of the proxy's has come; each answer goes back to the socket that it came from. Called as an event. */
        void onDatagram(byte[] content, Consumer<byte[]> answer);
    }

    /** What becomes of a client's connect. */
    public interface Connected {
        void onConnected(PeerEnd end);

        void onRefused();
    }

    public SimIo(Simulator simulator, FaultPlan faults, Sabotage sabotage) {
        this.simulator = simulator;
        this.faults = faults;
        this.chance = simulator.chance().fork();
        this.descriptors = new SimDescriptors(faults.descriptorsMax());
        this.sabotage = new Sabotage.Running(sabotage, chance.fork());
        this.names = new SimNames(this);
        this.files = new SimFiles(this);
        this.clock = new SimClock();
        this.chanceSeed = chance.nextLong();
    }

    // ---- for the run -----------------------------------------------------------------------------------------------

    /** Puts an origin at {@code address}. */
    public void host(SocketAddress address, Host host) {
        hosts.put(address, host);
    }

    /** Puts somebody at {@code address} who takes datagrams, or nobody. */
    public void datagramHost(SocketAddress address, @Nullable DatagramHost host) {
        if (host == null) {
            datagramHosts.remove(address);
        } else {
            datagramHosts.put(address, host);
        }
    }

    @Nullable
    DatagramHost datagramHost(SocketAddress address) {
        return datagramHosts.get(address);
    }

    /** Puts a server at {@code address} that answers for the names of this world. */
    public void nameServer(SocketAddress address) {
        datagramHost(address, new SimNameServer(this, names));
    }

    /** Gives {@code name} other addresses from now on. */
    public void name(String name, List<InetAddress> addresses) {
        names.put(name, addresses);
    }

    /** Sockets of the proxy's to this address, those included that are being connected. */
    public int openTo(SocketAddress address) {
        return openTo.getOrDefault(address, 0);
    }

    /** Connects a client from {@code from} to the proxy. */
    public void connectClient(SocketAddress from, SocketAddress to, Connected told) {
        simulator.after(faults.latencyNs(chance), () -> arrive(from, to, told));
    }

    private void arrive(SocketAddress from, SocketAddress to, Connected told) {
        List<SimListener> here =
                listeners.stream().filter(l -> l.localAddress().equals(to)).toList();
        SimListener listener = here.isEmpty() ? null : here.get(chance.nextInt(here.size()));
        if (listener == null || listener.isFull()) {
            simulator.after(faults.latencyNs(chance), told::onRefused);
            return;
        }
        SimConnection connection = new SimConnection(this, numbers++, to, from);
        simulator.trace("arrive", connection.number(), 0);
        listener.arrive(connection.socket());
        simulator.after(faults.latencyNs(chance), () -> told.onConnected(connection.peer()));
    }

    /** Lets the clocks misbehave from now on, if the plan says so. */
    public void disturbClocks() {
        if (faults.clockStepOneIn() > 0) {
            simulator.after(chance.between(0L, 2 * SECOND_NS), () -> {
                if (chance.oneIn(faults.clockStepOneIn())) {
                    clock.step();
                }
                disturbClocks();
            });
        }
    }

    /** Sockets, listeners and reserves that are open. */
    public int openDescriptors() {
        return descriptors.open();
    }

    /** Those of them that are for datagrams: they come and go whatever clients do. */
    public int openDatagramSockets() {
        return datagramSockets;
    }

    void onDatagramSocketGone() {
        datagramSockets--;
    }

    public SimFiles simFiles() {
        return files;
    }

    // ---- for the parts ---------------------------------------------------------------------------------------------

    /** A socket of the proxy's is closed. */
    void onSocketGone(SocketAddress remote) {
        openTo.computeIfPresent(remote, (_, count) -> count - 1);
    }

    Simulator simulator() {
        return simulator;
    }

    FaultPlan faults() {
        return faults;
    }

    SimDescriptors descriptors() {
        return descriptors;
    }

    Sabotage.Running sabotage() {
        return sabotage;
    }

    @Nullable
    SimRunner current() {
        return current;
    }

    /** Sockets are used inside a loop's cycle only. */
    void assertLoop() {
        if (current == null) {
            simulator.violated("socket or poller used outside any loop");
        }
    }

    @Nullable
    SimRunner enter(SimRunner runner) {
        SimRunner before = current;
        if (before != null) {
            throw new AssertionError("a cycle within a cycle");
        }
        current = runner;
        return before;
    }

    void leave(@Nullable SimRunner before) {
        current = before;
    }

    boolean isListening(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getPort() < EPHEMERAL_PORT_MIN;
    }

    void onUnlisten(SimListener listener) {
        listeners.remove(listener);
    }

    // ---- Io --------------------------------------------------------------------------------------------------------

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Chance chance(long stream) {
        return new SimChance(SimChance.mix(chanceSeed + stream));
    }

    /** As good as any other here, where a seed has to give the same run. */
    @Override
    public Chance secretChance() {
        return new SimChance(SimChance.mix(~chanceSeed));
    }

    @Override
    public Poller openPoller() {
        return new SimPoller(this, numbers++);
    }

    @Override
    public ListenSocket listen(SocketAddress address, int backlog, int receiveBufferBytes, PortSharing sharing)
            throws IOException {
        if (sharing == PortSharing.EXCLUSIVE) {
            probe(address);
        }
        descriptors.takeAnyhow();
        SimListener listener = new SimListener(this, numbers++, address, backlog);
        listeners.add(listener);
        simulator.trace("listen", listener.number(), backlog);
        return listener;
    }

    @Override
    public void probe(SocketAddress address) throws IOException {
        if (listeners.stream().anyMatch(l -> l.localAddress().equals(address))) {
            throw new BindException("Address already in use");
        }
    }

    @Override
    public boolean supportsPortSharing() {
        return faults.sharesPorts();
    }

    @Override
    public StreamSocket connect(
            SocketAddress address, @Nullable SocketAddress from, int sendBufferBytes, int receiveBufferBytes)
            throws IOException {
        assertLoop();
        if (chance.oneIn(faults.failedOneIn())) {
            throw new IOException("Network is unreachable");
        }
        if (descriptors.isFull()) {
            throw new DescriptorLimitException("Too many open files", new IOException("Too many open files"));
        }
        Host host = hosts.get(address);
        if (host != null && !host.isUp() && chance.oneIn(4)) {
            throw new ConnectException("Connection refused");
        }
        descriptors.take();
        SocketAddress local = from != null ? from : ephemeralAddress();
        SimConnection connection = new SimConnection(this, numbers++, local, address);
        openTo.merge(address, 1, Integer::sum);
        SimSocket socket = connection.socket();
        socket.connect(SimSocket.Connect.PENDING);
        simulator.trace("connect", connection.number(), 0, address.toString());
        if (!chance.oneIn(faults.silentOneIn())) {
            long lateNs = chance.oneIn(faults.lateOneIn()) ? chance.between(0L, 5 * SECOND_NS) : 0;
            boolean isRefused = host == null || chance.oneIn(faults.refusedOneIn());
            simulator.after(2 * faults.latencyNs(chance) + lateNs, () -> onSynAnswered(connection, host, isRefused));
        }
        return socket;
    }

    private SocketAddress ephemeralAddress() throws IOException {
        return new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {10, 0, 0, 1}),
                EPHEMERAL_PORT_MIN + chance.nextInt(EPHEMERAL_PORT_MIN));
    }

    private void onSynAnswered(SimConnection connection, @Nullable Host host, boolean isRefused) {
        SimSocket socket = connection.socket();
        if (socket.isGone()) {
            return;
        }
        if (isRefused || host == null || !host.isUp()) {
            simulator.trace("refused", connection.number(), 0);
            socket.connect(SimSocket.Connect.REFUSED);
        } else {
            socket.connect(SimSocket.Connect.DONE);
            simulator.trace("connected", connection.number(), 0);
            host.onConnection(connection.peer());
        }
    }

    @Override
    public DatagramSocket openDatagram(InetSocketAddress peer) throws IOException {
        assertLoop();
        descriptors.take();
        datagramSockets++;
        return new SimDatagrams(this, numbers++, peer, ephemeralAddress());
    }

    @Override
    public ReserveDescriptor reserveDescriptor() {
        return descriptors.new Reserve();
    }

    @Override
    public Runner runner(String name, DutyCycle cycle, long idleNs) {
        return new SimRunner(this, numbers++, cycle, idleNs);
    }

    @Override
    public Gate gate(int count) {
        return new SimGate(count);
    }

    @Override
    public WorkPool workPool(String name, int threads, int queueMax) {
        return new SimWorkPool(this, threads, queueMax);
    }

    @Override
    public NameResolver resolver() {
        return names;
    }

    @Override
    public FileAccess files() {
        return files;
    }

    /** Lets the rest of the world go on while somebody waits. */
    private final class SimGate implements Gate {
        private int left;

        SimGate(int count) {
            left = count;
        }

        @Override
        public void countDown() {
            left = Math.max(0, left - 1);
        }

        @Override
        public boolean await(long timeoutNs) {
            if (current != null) {
                simulator.violated("a loop or agent waits");
                return left == 0;
            }
            return simulator.run(() -> left == 0, timeoutNs);
        }
    }

    /** Starts anywhere, also where the monotonic clock is about to wrap around. */
    private final class SimClock implements Clock {
        private long monotonicOffsetNs =
                chance.oneIn(4) ? Long.MAX_VALUE - chance.between(0L, 10 * SECOND_NS) : chance.nextLong();
        private long wallOffsetMs = WALL_START_MS;

        void step() {
            if (chance.nextInt(2) == 0) {
                long ns = chance.between(0L, 3 * SECOND_NS);
                monotonicOffsetNs += ns;
                simulator.stepClock(ns);
                simulator.trace("clock-step", 0, ns);
            } else {
                long ms = chance.between(-86_400_000L, 86_400_000L);
                wallOffsetMs += ms;
                simulator.trace("wall-jump", 0, ms);
            }
        }

        @Override
        public long monotonicNs() {
            return monotonicOffsetNs + simulator.nowNs();
        }

        @Override
        public long wallMs() {
            return wallOffsetMs + simulator.nowNs() / 1_000_000;
        }
    }
}
