package dev.headgate.e2e;

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
import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.ReserveDescriptor;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.engine.io.nio.NioIo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Real sockets, and in the test's hand what would else be a matter of luck or of waiting: a valve before each direction of writing, which while
 * closed takes nothing, as if the peer's buffers were full; time, which the test lets pass at once; handshakes, which can be held while they are
 * computed; names; accepts that fail; and a disk that is full, broken or slow.
 */
public final class SteeredIo implements Io {
    private final Io real = new NioIo();
    private final List<Poller> pollers = new CopyOnWriteArrayList<>();
    private final AtomicLong passedNs = new AtomicLong();
    private volatile @Nullable Long frozenAtNs;
    private volatile @Nullable Long drawn;
    private final AtomicLong jumpedMs = new AtomicLong();

    /** Writes towards clients. */
    public final Valve downstream = new Valve();

    /** Writes towards origins. */
    public final Valve upstream = new Valve();

    /** Names that the test gives addresses; others are looked up for real. */
    public final Names names = new Names();

    /** Computing of handshakes that clients begin. */
    public final Brake downstreamHandshakes = new Brake();

    /** Computing of handshakes with origins. */
    public final Brake upstreamHandshakes = new Brake();

    /** Temporary files. */
    public final SteeredFiles files = new SteeredFiles();

    /** Accept calls that fail for want of descriptors from now on. */
    public final AtomicInteger acceptFailures = new AtomicInteger();

    /** Open unless told otherwise. Any thread. */
    public static final class Valve {
        private volatile int heldBelowBytes;
        private int refusalsLeft; // 0: without end
        private volatile boolean hasRefused;
        private volatile boolean hasShownEnd;

        /** Takes nothing until {@link #open}. */
        public void close() {
            heldBelowBytes = Integer.MAX_VALUE;
        }

        /** Takes nothing until as many bytes are offered at once. */
        public void openAt(int offeredBytes) {
            heldBelowBytes = offeredBytes;
        }

        /** Takes nothing in so many writes: enough for the proxy to fill its buffer and to pause. */
        public void openAfter(int writes) {
            refusalsLeft = writes;
            close();
        }

        public void open() {
            heldBelowBytes = 0;
        }

        /** Whether it takes nothing now. */
        public boolean isShut() {
            return heldBelowBytes > 0;
        }

        /** Whether it has kept a write from taking anything. */
        public boolean hasRefused() {
            return hasRefused;
        }

        /** Whether the end of a peer's side has been read. */
        public boolean hasShownEnd() {
            return hasShownEnd;
        }

        private int shown(int count) {
            hasShownEnd |= count == StreamSocket.END_OF_STREAM;
            return count;
        }

        private boolean holds(long offeredBytes) {
            boolean isLastRefusal = refusalsLeft == 1;
            refusalsLeft = Math.max(0, refusalsLeft - 1);
            if (offeredBytes >= heldBelowBytes || isLastRefusal) {
                open();
                return false;
            }
            hasRefused = true;
            return true;
        }
    }

    /** What a pool of threads stands still at, when told so. Any thread. */
    public static final class Brake {
        private volatile CountDownLatch released = new CountDownLatch(0);
        private final AtomicInteger held = new AtomicInteger();

        /** From now on each piece of work that the pool takes waits for {@link #release}, with its thread. */
        public void hold() {
            held.set(0);
            released = new CountDownLatch(1);
        }

        public void release() {
            released.countDown();
        }

        /** How many pieces of work the pool has taken since {@link #hold}. */
        public int held() {
            return held.get();
        }

        private WorkPool before(WorkPool real) {
            return new WorkPool() {
                @Override
                public boolean submit(Runnable work) {
                    CountDownLatch latch = released;
                    boolean isTaken = real.submit(() -> {
                        awaitUninterrupted(latch);
                        work.run();
                    });
                    if (isTaken) held.incrementAndGet();
                    return isTaken;
                }

                @Override
                public void close() {
                    real.close();
                }
            };
        }

        private static void awaitUninterrupted(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Who answers for names. Any thread. */
    public final class Names implements NameResolver {
        private final Map<String, List<String>> answers = new ConcurrentHashMap<>();

        /** What the next look-up of {@code host} brings; no address: it fails. */
        public void put(String host, String... addresses) {
            answers.put(host, List.of(addresses));
        }

        @Override
        public boolean resolve(String host, WorkPool pool, Answer answer) {
            List<String> known = answers.get(host);
            return known == null ? real.resolver().resolve(host, pool, answer) : pool.submit(() -> tell(known, answer));
        }

        private static void tell(List<String> known, Answer answer) {
            try {
                List<InetAddress> addresses = new ArrayList<>();
                for (String each : known) {
                    addresses.add(InetAddress.getByName(each));
                }
                if (addresses.isEmpty()) {
                    throw new UnknownHostException("no such name");
                }
                answer.onResolved(addresses);
            } catch (IOException e) {
                answer.onFailed(e);
            }
        }
    }

    // ---- time

    /**
     * Lets time pass for the proxy, whose loops at once see to what is due. What a test has sent before must have been read, or it counts as sent
     * afterwards: see {@link ProxyHarness#awaitRead}.
     */
    public void pass(Duration time) {
        passedNs.addAndGet(time.toNanos());
        pollers.forEach(Poller::wakeup);
    }

    /** From now on time passes only when the test says so. */
    public SteeredIo frozen() {
        frozenAtNs = real.clock().monotonicNs();
        return this;
    }

    /** Sets the wall clock forward, or back. No time passes. */
    public void jumpWallClock(Duration by) {
        jumpedMs.addAndGet(by.toMillis());
    }

    @Override
    public Clock clock() {
        Clock system = real.clock();
        return new Clock() {
            @Override
            public long monotonicNs() {
                Long frozenNs = frozenAtNs;
                return (frozenNs == null ? system.monotonicNs() : frozenNs) + passedNs.get();
            }

            @Override
            public long wallMs() {
                return system.wallMs() + passedNs.get() / 1_000_000 + jumpedMs.get();
            }
        };
    }

    // ---- chance

    /** From now on each draw gives these bits: 0 for the least of all lengths, -1 for the most. */
    public SteeredIo drawing(long bits) {
        drawn = bits;
        return this;
    }

    @Override
    public Chance chance(long stream) {
        Chance usual = real.chance(stream);
        return new Chance() {
            @Override
            public long nextLong() {
                Long bits = drawn;
                return bits == null ? usual.nextLong() : bits;
            }

            @Override
            public int nextInt(int bound) {
                return usual.nextInt(bound);
            }
        };
    }

    // ---- the rest of the outside world

    @Override
    public Chance secretChance() {
        return real.secretChance();
    }

    @Override
    public Poller openPoller() throws IOException {
        Poller poller = real.openPoller();
        pollers.add(poller);
        return poller;
    }

    @Override
    public ListenSocket listen(SocketAddress address, int backlog, int receiveBufferBytes, PortSharing sharing)
            throws IOException {
        return new ValvedListenSocket(real.listen(address, backlog, receiveBufferBytes, sharing));
    }

    @Override
    public void probe(SocketAddress address) throws IOException {
        real.probe(address);
    }

    @Override
    public boolean supportsPortSharing() {
        return real.supportsPortSharing();
    }

    @Override
    public StreamSocket connect(
            SocketAddress address, @Nullable SocketAddress local, int sendBufferBytes, int receiveBufferBytes)
            throws IOException {
        return new ValvedSocket(real.connect(address, local, sendBufferBytes, receiveBufferBytes), upstream);
    }

    @Override
    public DatagramSocket openDatagram(InetSocketAddress peer) throws IOException {
        return real.openDatagram(peer);
    }

    @Override
    public ReserveDescriptor reserveDescriptor() {
        return real.reserveDescriptor();
    }

    @Override
    public Runner runner(String name, DutyCycle cycle, long idleNs) {
        return real.runner(name, inThisTime(cycle), idleNs);
    }

    private DutyCycle inThisTime(DutyCycle cycle) {
        return new DutyCycle() {
            @Override
            public int doWork(long nowNs) {
                return cycle.doWork(clock().monotonicNs());
            }

            @Override
            public void onFailure(Throwable failure) {
                cycle.onFailure(failure);
            }
        };
    }

    @Override
    public Gate gate(int count) {
        return real.gate(count);
    }

    @Override
    public WorkPool workPool(String name, int threads, int queueMax) {
        WorkPool pool = real.workPool(name, threads, queueMax);
        return switch (name) {
            case "headgate-tls" -> downstreamHandshakes.before(pool);
            case "headgate-tls-origins" -> upstreamHandshakes.before(pool);
            default -> pool;
        };
    }

    @Override
    public NameResolver resolver() {
        return names;
    }

    @Override
    public FileAccess files() {
        return files;
    }

    private final class ValvedListenSocket implements ListenSocket {
        private final ListenSocket real;

        ValvedListenSocket(ListenSocket real) {
            this.real = real;
        }

        @Override
        public SocketAddress localAddress() {
            return real.localAddress();
        }

        @Override
        public @Nullable StreamSocket accept() throws IOException {
            if (acceptFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new DescriptorLimitException("Too many open files", new IOException());
            }
            StreamSocket accepted = real.accept();
            return accepted == null ? null : new ValvedSocket(accepted, downstream);
        }

        @Override
        public void register(Poller poller, Pollable pollable, int ops) throws IOException {
            real.register(poller, pollable, ops);
        }

        @Override
        public void interest(int ops) {
            real.interest(ops);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private record ValvedSocket(StreamSocket real, Valve valve) implements StreamSocket {
        @Override
        public int read(ByteBuffer target) throws IOException {
            assertDirect(target);
            return valve.shown(real.read(target));
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            assertDirect(source);
            return valve.holds(source.remaining()) ? 0 : real.write(source);
        }

        @Override
        public long write(ByteBuffer[] sources, int count) throws IOException {
            long offered = 0;
            for (int i = 0; i < count; i++) {
                assertDirect(sources[i]);
                offered += sources[i].remaining();
            }
            return valve.holds(offered) ? 0 : real.write(sources, count);
        }

        /** For any other the platform would keep a direct copy per thread, which no budget counts. */
        private static void assertDirect(ByteBuffer buffer) {
            if (!buffer.isDirect()) {
                throw new AssertionError("not a direct buffer: " + buffer);
            }
        }

        @Override
        public long sendFile(OpenFile file, long offsetBytes, long lengthBytes) throws IOException {
            return real.sendFile(file, offsetBytes, lengthBytes);
        }

        @Override
        public void shutdownOutput() throws IOException {
            real.shutdownOutput();
        }

        @Override
        public boolean isConnected() {
            return real.isConnected();
        }

        @Override
        public boolean finishConnect() throws IOException {
            return real.finishConnect();
        }

        @Override
        public void sendAtOnce() throws IOException {
            real.sendAtOnce();
        }

        @Override
        public void sendBufferBytes(int bytes) throws IOException {
            real.sendBufferBytes(bytes);
        }

        @Override
        public void register(Poller poller, Pollable pollable, int ops) throws IOException {
            real.register(poller, pollable, ops);
        }

        @Override
        public void interest(int ops) {
            real.interest(ops);
        }

        @Override
        public void close() {
            real.close();
        }

        @Override
        public void reset() {
            real.reset();
        }

        @Override
        public @Nullable SocketAddress remoteAddress() {
            return real.remoteAddress();
        }

        @Override
        public @Nullable SocketAddress localAddress() {
            return real.localAddress();
        }
    }
}
