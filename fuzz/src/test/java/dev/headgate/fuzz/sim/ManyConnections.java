package dev.headgate.fuzz.sim;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.testkit.sim.FaultPlan;
import dev.headgate.testkit.sim.PeerEnd;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimIo;
import dev.headgate.testkit.sim.Simulator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One proxy with any number of simulated keep-alive connections, each of which has had its request answered and is idle. No socket of the system
 * is behind them, so what grows with their number is the state that the loop, the connection and the session keep, and the simulator's own.
 */
final class ManyConnections {
    private static final int COLLECTIONS =
            4; // the serial collector leaves dead objects between living ones but for every fourth time
    private static final int AT_A_TIME = 100;
    private static final int CLIENTS_PER_ADDRESS = 64;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long PATIENCE_NS = 60 * SECOND_NS;
    private static final InetSocketAddress LISTENING = address(10, 0, 0, 1, 8080);
    private static final InetSocketAddress ORIGIN = address(10, 0, 0, 2, 9000);
    private static final byte[] REQUEST = ascii("GET /item HTTP/1.1\r\nHost: shop.example\r\nAccept: */*\r\n\r\n");
    private static final byte[] ANSWER = ascii("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

    private static final String CONFIGURATION = """
            version: 1
            loops: 1
            listeners:
            - name: web
              address: 10.0.0.1:8080
              backlog: 4096
              limits: {connections: 1000000}
              timeouts: {keepAlive: 1h}
            upstreams:
              app: {endpoints: ["10.0.0.2:9000"]}
            routes:
            - to: app
            log: {access: off}
            limits: {connections: 2000000}
            """;

    private final Simulator simulator = new Simulator(1);
    private final SimIo io;
    private final @Nullable Client[] clients;
    private @Nullable Headgate proxy;
    private int restingDescriptors;
    private int connected;
    private int answers;

    private ManyConnections(int count) {
        io = new SimIo(simulator, FaultPlan.NONE.withDescriptorsMax(Integer.MAX_VALUE), Sabotage.NONE);
        io.host(ORIGIN, new Origin());
        clients = new @Nullable Client[count];
    }

    static ManyConnections toProxy(int count) throws HeadgateStartException {
        var world = new ManyConnections(count);
        world.proxy = Headgate.start(
                ConfigLoader.parse("many.yaml", CONFIGURATION, Environment.of(Map.of()))
                        .orThrow(),
                new HeadgateOptions(Map.of(), new SimLogger(world.simulator), world.io));
        world.restingDescriptors = world.io.openDescriptors();
        return world;
    }

    /** The same connections to somebody who keeps next to nothing about them: what the simulator itself needs. */
    static ManyConnections toNobody(int count) throws IOException {
        var world = new ManyConnections(count);
        world.io.runner("nobody", new Nobody(world.io), 0).start();
        world.restingDescriptors = world.io.openDescriptors();
        return world;
    }

    /** Connects clients until there are {@code count}; each has one request answered. */
    void open(int count) {
        answers = connected;
        for (int first = connected; first < count; first = connected) {
            int end = Math.min(first + AT_A_TIME, count);
            for (int i = first; i < end; i++) {
                Client client = new Client();
                clients[i] = client;
                io.connectClient(client(i), LISTENING, client);
            }
            await(() -> connected == end);
            for (int i = first; i < end; i++) {
                ask(i);
            }
            await(() -> answers == end);
        }
    }

    /** Lets one client after the other ask again, in an order that jumps about, {@code count} times in all. */
    void exchange(int count) {
        long at = 0;
        for (int i = 1; i <= count; i++) {
            at = (at + 0x9E37_79B9L) % clients.length;
            ask((int) at);
            int wanted = answers + 1;
            await(() -> answers == wanted);
        }
    }

    /** Lets {@code seconds} of virtual time pass in which nobody asks for anything. */
    void idle(int seconds) {
        simulator.run(() -> false, seconds * SECOND_NS);
    }

    /** Closes all clients, and waits until nothing of them is left. */
    void close() {
        for (Client client : clients) {
            if (client != null && client.end != null) {
                client.end.close();
            }
        }
        Arrays.fill(clients, null);
        // Nobody closes the pool's idle connections but their own deadline.
        await(() -> io.openDescriptors() <= restingDescriptors + 1);
    }

    private void ask(int index) {
        Objects.requireNonNull(clients[index]).ask();
    }

    private void await(BooleanSupplier condition) {
        if (!simulator.run(condition, PATIENCE_NS)) {
            throw new AssertionError("connected=" + connected + ", answers=" + answers);
        }
    }

    /** Events of the trace so far: what was done, whatever time it took. */
    long events() {
        return simulator.trace().count();
    }

    /** Timers in the loop's wheel. */
    int timers() {
        return Objects.requireNonNull(proxy).linkedTimers();
    }

    int buffers() {
        return Objects.requireNonNull(proxy).outstandingBuffers();
    }

    void stop() {
        Objects.requireNonNull(proxy).close();
    }

    /** Bytes on the heap that something refers to. */
    static long heapBytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static SocketAddress client(int index) {
        int host = index / CLIENTS_PER_ADDRESS;
        return address(11, host >> 16, host >> 8, host, 1_024 + index % CLIENTS_PER_ADDRESS);
    }

    private static InetSocketAddress address(int a, int b, int c, int d, int port) {
        try {
            byte[] bytes = {(byte) a, (byte) b, (byte) c, (byte) d};
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Asks for the same again and again, and sees that the answer is a whole one. */
    private final class Client implements PeerEnd.Peer, SimIo.Connected {
        private @Nullable PeerEnd end;

        @Override
        public void onConnected(PeerEnd opened) {
            end = opened;
            opened.owner(this);
            connected++;
        }

        @Override
        public void onRefused() {
            throw new AssertionError("refused");
        }

        void ask() {
            if (end == null || end.write(ByteBuffer.wrap(REQUEST)) != REQUEST.length) {
                throw new AssertionError("no room");
            }
        }

        @Override
        public void onReady() {
            if (end != null && end.readableBytes() > 0) {
                String text = new String(end.read(1 << 16), StandardCharsets.US_ASCII);
                if (!text.startsWith("HTTP/1.1 200 ") || !text.endsWith("\r\n\r\nhello")) {
                    throw new AssertionError(text);
                }
                answers++;
            }
        }

        @Override
        public void onEnd() {
            throw new AssertionError("the proxy closed");
        }

        @Override
        public void onReset() {
            throw new AssertionError("the proxy reset");
        }
    }

    private static final class Origin implements SimIo.Host {
        @Override
        public void onConnection(PeerEnd end) {
            end.owner(new OriginConnection(end));
        }

        @Override
        public boolean isUp() {
            return true;
        }
    }

    private record OriginConnection(PeerEnd end) implements PeerEnd.Peer {
        @Override
        public void onReady() {
            if (end.readableBytes() > 0) {
                byte[] request = end.read(1 << 16);
                if (request[request.length - 1] != '\n') {
                    throw new AssertionError("a request in two pieces");
                }
                end.write(ByteBuffer.wrap(ANSWER));
            }
        }

        @Override
        public void onEnd() {
            end.close();
        }

        @Override
        public void onReset() {
            end.close();
        }
    }

    /** Accepts, and answers whatever comes. */
    private static final class Nobody implements DutyCycle, Pollable {
        private final Poller poller;
        private final ListenSocket listener;

        Nobody(SimIo io) throws IOException {
            poller = io.openPoller();
            listener = io.listen(LISTENING, 4096, 0, PortSharing.EXCLUSIVE);
            listener.register(poller, this, Ops.ACCEPT);
        }

        @Override
        public int doWork(long nowNs) {
            return poller.poll(Poller.FOREVER);
        }

        @Override
        public void onReady(int readyOps) {
            try {
                for (StreamSocket socket = listener.accept(); socket != null; socket = listener.accept()) {
                    socket.register(poller, new Answering(socket), Ops.READ);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onReadyFailed(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private record Answering(StreamSocket socket) implements Pollable {
        private static final ByteBuffer SCRATCH = ByteBuffer.allocateDirect(1 << 12);

        @Override
        public void onReady(int readyOps) {
            try {
                if (socket.read(SCRATCH.clear()) == StreamSocket.END_OF_STREAM) {
                    socket.close();
                    return;
                }
                socket.write(SCRATCH.clear().put(ANSWER).flip());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onReadyFailed(Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
