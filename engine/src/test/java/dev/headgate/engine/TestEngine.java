package dev.headgate.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** An engine for a test: closing it asserts that every buffer came back and that nothing failed unasked. */
final class TestEngine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    public final Engine engine;
    public final List<Throwable> failures;
    private boolean areFailuresExpected;

    private TestEngine(Engine engine, List<Throwable> failures) {
        this.engine = engine;
        this.failures = failures;
    }

    /** One loop, unless {@code settings} say otherwise. */
    public static TestEngine start(UnaryOperator<EngineOptions.Builder> settings) throws IOException {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        EngineOptions.Builder builder =
                EngineOptions.builder().loops(1).errorListener((loop, where, failure) -> failures.add(failure));
        return new TestEngine(Engine.start(settings.apply(builder).build()), failures);
    }

    public static TestEngine start() throws IOException {
        return start(builder -> builder);
    }

    public static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public InetSocketAddress listen(HandlerFactory factory) throws IOException {
        return listen(SocketOptions.DEFAULTS, factory);
    }

    public InetSocketAddress listen(SocketOptions options, HandlerFactory factory) throws IOException {
        return (InetSocketAddress) engine.listen(ListenOptions.at(anyPort()).withSocketOptions(options), factory)
                .address();
    }

    public EventLoop loop() {
        return engine.loop(0);
    }

    public Connection connect(InetSocketAddress address, ConnectionHandler handler) {
        return onLoop(() -> loop().connect(address, SocketOptions.DEFAULTS, handler));
    }

    /** A plain blocking client. */
    public static Socket client(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    /** Runs {@code action} on the first loop and waits for its result. */
    public <T> T onLoop(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        assertTrue(loop().execute(() -> {
            try {
                result.complete(action.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        }));
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    public void run(Runnable action) {
        onLoop(() -> {
            action.run();
            return true;
        });
    }

    public static void await(String what, BooleanSupplier condition) {
        long beginNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - beginNs > PATIENCE.toNanos()) {
                fail("waited in vain for: " + what);
            }
            Thread.yield();
        }
    }

    public void expectFailures() {
        areFailuresExpected = true;
    }

    @Override
    public void close() {
        engine.close();
        try {
            assertTrue(engine.awaitTermination(PATIENCE), "loops stop");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < engine.loops(); i++) {
            assertEquals(0, engine.loop(i).buffers().outstandingBuffers(), "buffers out, loop " + i);
            assertEquals(0, engine.loop(i).buffers().outstandingBytes(), "bytes out, loop " + i);
            assertEquals(0, engine.loop(i).counters().connectionsOpen(), "connections open, loop " + i);
        }
        assertEquals(0, engine.openConnections(), "permits out");
        if (!areFailuresExpected) {
            assertEquals(List.of(), failures);
        }
    }
}
