package dev.headgate.engine.loop;

import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.buffer.MemoryBudget;
import dev.headgate.engine.io.Chance;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.Gate;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.ReserveDescriptor;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.engine.io.nio.NioIo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The seam without an outside world: the test moves the clock, runs the cycles and decides what each call of a socket does. */
final class ScriptedIo implements Io {
    private final Io real = new NioIo();
    final ScriptedPoller poller = new ScriptedPoller();
    final ScriptedReserve reserve = new ScriptedReserve();
    final ScriptedListenSocket listening = new ScriptedListenSocket();
    int listensLeft = -1; // then an unchecked exception; -1 is without end
    int pollersLeft = -1; // the same
    final ArrayDeque<Object> connecting =
            new ArrayDeque<>(); // what connect answers, in order: StreamSocket or IOException
    final ArrayDeque<ScriptedDatagrams> opening = new ArrayDeque<>(); // what openDatagram answers, in order
    final List<Throwable> failures = new ArrayList<>();
    long nowNs;
    int clockReadings;

    LoopCore loop(UnaryOperator<EngineOptions.Builder> settings) throws IOException {
        EngineOptions.Builder builder = EngineOptions.builder()
                .loops(1)
                .io(this)
                .errorListener((loop, where, failure) -> failures.add(failure));
        return new LoopCore(0, settings.apply(builder).build(), new MemoryBudget(64 << 20));
    }

    @Override
    public Clock clock() {
        return new Clock() {
            @Override
            public long monotonicNs() {
                clockReadings++;
                return nowNs;
            }

            @Override
            public long wallMs() {
                return nowNs / 1_000_000;
            }
        };
    }

    @Override
    public Chance chance(long stream) {
        return real.chance(stream);
    }

    @Override
    public Chance secretChance() {
        return real.secretChance();
    }

    @Override
    public Poller openPoller() {
        if (pollersLeft-- == 0) {
            throw new IllegalStateException("no more pollers");
        }
        return poller;
    }

    @Override
    public ListenSocket listen(SocketAddress address, int backlog, int receiveBufferBytes, PortSharing sharing) {
        if (listensLeft-- == 0) {
            throw new IllegalStateException("no more listeners");
        }
        return listening;
    }

    @Override
    public void probe(SocketAddress address) {}

    @Override
    public boolean supportsPortSharing() {
        return true;
    }

    @Override
    public StreamSocket connect(
            SocketAddress address, @Nullable SocketAddress local, int sendBufferBytes, int receiveBufferBytes)
            throws IOException {
        Object next = connecting.remove();
        if (next instanceof IOException failure) {
            throw failure;
        }
        return (StreamSocket) next;
    }

    @Override
    public DatagramSocket openDatagram(InetSocketAddress peer) throws IOException {
        return opening.remove().open();
    }

    @Override
    public ReserveDescriptor reserveDescriptor() {
        return reserve;
    }

    @Override
    public Runner runner(String name, DutyCycle cycle, long idleNs) {
        return new Runner() {
            @Override
            public void start() {}

            @Override
            public boolean isCurrent() {
                return true;
            }

            @Override
            public void wakeup() {}

            @Override
            public boolean awaitTermination(long timeoutNs) {
                return cycle.doWork(nowNs) == DutyCycle.DONE;
            }
        };
    }

    @Override
    public Gate gate(int count) {
        return real.gate(count);
    }

    @Override
    public WorkPool workPool(String name, int threads, int queueMax) {
        return real.workPool(name, threads, queueMax);
    }

    @Override
    public NameResolver resolver() {
        return real.resolver();
    }

    @Override
    public FileAccess files() {
        return real.files();
    }

    /** Level-triggered, in order of registration. */
    static final class ScriptedPoller implements Poller {
        private final List<Registered> all = new ArrayList<>();
        long lastTimeoutNs;
        int wakeups;
        boolean isClosed;

        @Override
        public int poll(long timeoutNs) {
            lastTimeoutNs = timeoutNs;
            int told = 0;
            for (Registered registered : List.copyOf(all)) {
                int ready = registered.readyOps() & registered.interest;
                if (ready != 0) {
                    registered.pollable().onReady(ready);
                    told++;
                }
            }
            return told;
        }

        @Override
        public void wakeup() {
            wakeups++;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    abstract static class Registered {
        private @Nullable Pollable pollable;
        int interest;

        abstract int readyOps();

        Pollable pollable() {
            Pollable registered = pollable;
            if (registered == null) {
                throw new AssertionError("not registered");
            }
            return registered;
        }

        public void register(Poller poller, Pollable owner, int ops) throws IOException {
            register(owner, ops, (ScriptedPoller) poller);
        }

        final void register(Pollable owner, int ops, ScriptedPoller poller) {
            pollable = owner;
            interest = ops;
            poller.all.add(this);
        }

        public void interest(int ops) {
            interest = ops;
        }
    }

    static final class ScriptedReserve implements ReserveDescriptor {
        private boolean isHeld = true;
        int givenUp;

        @Override
        public void giveUp() {
            isHeld = false;
            givenUp++;
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

    static final class ScriptedListenSocket extends Registered implements ListenSocket {
        final ArrayDeque<Object> arriving = new ArrayDeque<>(); // StreamSocket or IOException
        int accepts;
        boolean isClosed;

        @Override
        int readyOps() {
            return arriving.isEmpty() ? 0 : Ops.ACCEPT;
        }

        @Override
        public SocketAddress localAddress() {
            return new InetSocketAddress(80);
        }

        @Override
        public @Nullable StreamSocket accept() throws IOException {
            accepts++;
            Object next = arriving.poll();
            if (next instanceof IOException failure) {
                throw failure;
            }
            return (StreamSocket) next;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    /** How a connect goes. */
    enum Connect {
        AT_ONCE,
        UNDER_WAY,
        DONE,
        REFUSED,
        FAILED
    }

    /** Datagrams that are to come, or failures in their place; what was sent is kept. */
    static final class ScriptedDatagrams extends Registered implements DatagramSocket {
        final ArrayDeque<Object> arriving = new ArrayDeque<>(); // byte[] or IOException
        final List<byte[]> sent = new ArrayList<>();

        @Nullable
        IOException openFailure;

        @Nullable
        IOException registerFailure;

        int receives;
        boolean isFull;
        boolean isClosed;

        ScriptedDatagrams open() throws IOException {
            if (openFailure != null) {
                throw openFailure;
            }
            return this;
        }

        @Override
        int readyOps() {
            return isClosed || arriving.isEmpty() ? 0 : Ops.READ;
        }

        @Override
        public void register(Poller poller, Pollable owner, int ops) throws IOException {
            if (registerFailure != null) {
                throw registerFailure;
            }
            register(owner, ops, (ScriptedPoller) poller);
        }

        @Override
        public boolean send(ByteBuffer datagram) {
            assert datagram.isDirect();
            byte[] content = new byte[datagram.remaining()];
            datagram.get(content);
            sent.add(content);
            return !isFull;
        }

        @Override
        public int receive(ByteBuffer target) throws IOException {
            assert target.isDirect();
            receives++;
            Object next = arriving.poll();
            if (next instanceof IOException failure) {
                throw failure;
            }
            if (!(next instanceof byte[] content)) {
                return NOTHING;
            }
            int length = Math.min(content.length, target.remaining());
            target.put(content, 0, length);
            return length;
        }

        @Override
        public void close() {
            isClosed = true;
        }

        @Override
        public @Nullable SocketAddress localAddress() {
            return null;
        }
    }

    /** Reads and writes what its rules allow: each maps the bytes possible to the bytes done. */
    static final class ScriptedSocket extends Registered implements StreamSocket {
        final ArrayDeque<Byte> input = new ArrayDeque<>();
        final ByteArrayOutputStream output = new ByteArrayOutputStream();
        IntUnaryOperator reads = possible -> possible;
        IntUnaryOperator writes = possible -> possible;
        Connect connect = Connect.AT_ONCE;
        boolean hasInputEnded;
        boolean hasOutputEnded;
        boolean isOutputBroken;
        boolean isClosed;
        boolean isReset;
        int readCalls;
        int writeCalls;
        int sendAtOnceCalls;

        void arrive(byte[] bytes) {
            for (byte b : bytes) {
                input.add(b);
            }
        }

        @Override
        int readyOps() {
            if (isClosed) {
                return 0;
            }
            if (connect == Connect.UNDER_WAY) {
                return 0;
            }
            if (interest == Ops.CONNECT) {
                return Ops.CONNECT;
            }
            boolean isReadable = !input.isEmpty() || hasInputEnded;
            return Ops.WRITE | (isReadable ? Ops.READ : 0);
        }

        @Override
        public int read(ByteBuffer target) {
            readCalls++;
            if (input.isEmpty()) {
                return hasInputEnded ? END_OF_STREAM : 0;
            }
            int count = reads.applyAsInt(Math.min(target.remaining(), input.size()));
            for (int i = 0; i < count; i++) {
                target.put(input.remove());
            }
            return count;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return (int) write(new ByteBuffer[] {source}, 1);
        }

        @Override
        public long write(ByteBuffer[] sources, int count) throws IOException {
            if (isOutputBroken) {
                throw new IOException("Broken pipe");
            }
            if (hasOutputEnded || isClosed) {
                throw new AssertionError("written after the end");
            }
            writeCalls++;
            int possible = 0;
            for (int i = 0; i < count; i++) {
                if (!sources[i].isDirect()) {
                    throw new AssertionError("heap buffer reached the socket");
                }
                possible += sources[i].remaining();
            }
            int left = writes.applyAsInt(possible);
            int written = left;
            for (int i = 0; i < count && left > 0; i++) {
                byte[] part = new byte[Math.min(left, sources[i].remaining())];
                sources[i].get(part);
                output.writeBytes(part);
                left -= part.length;
            }
            return written;
        }

        @Override
        public long sendFile(OpenFile file, long offsetBytes, long lengthBytes) {
            throw new AssertionError("not scripted");
        }

        @Override
        public void shutdownOutput() {
            hasOutputEnded = true;
        }

        @Override
        public boolean isConnected() {
            return connect == Connect.AT_ONCE;
        }

        @Override
        public boolean finishConnect() throws IOException {
            return switch (connect) {
                case AT_ONCE, DONE -> true;
                case UNDER_WAY -> false;
                case REFUSED -> throw new ConnectException("Connection refused");
                case FAILED -> throw new IOException("No route to host");
            };
        }

        @Override
        public void sendAtOnce() {
            sendAtOnceCalls++;
        }

        @Override
        public void sendBufferBytes(int bytes) {}

        @Override
        public void close() {
            isClosed = true;
        }

        @Override
        public void reset() {
            isReset = true;
            isClosed = true;
        }

        @Override
        public @Nullable SocketAddress remoteAddress() {
            return null;
        }

        @Override
        public @Nullable SocketAddress localAddress() {
            return null;
        }
    }
}
