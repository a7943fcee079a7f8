package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.ListenOptions;
import dev.headgate.engine.SocketOptions;
import dev.headgate.tls.context.ClientContext;
import dev.headgate.tls.context.ClientSettings;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.context.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An engine with TLS, for a test; closing it asserts that nothing is left over and nothing failed unasked. */
final class TlsBench implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Engine engine;
    final TlsRuntime runtime;
    final Noted noted = new Noted();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    TlsBench() throws IOException {
        this(TlsOptions.defaults());
    }

    TlsBench(TlsOptions options) throws IOException {
        this.engine = Engine.start(EngineOptions.builder()
                .loops(1)
                .errorListener((loop, where, failure) -> failures.add(failure))
                .build());
        this.runtime = new TlsRuntime(engine.io(), 1, options);
    }

    /** Serves {@code handlers} with {@code identities}; answers where. */
    InetSocketAddress serve(ServerSettings settings, Identities identities, Supplier<ConnectionHandler> handlers)
            throws IOException {
        return serve(new NamePolicy(context(settings, identities)), PATIENCE, handlers);
    }

    static ServerContext context(ServerSettings settings, Identities identities) {
        try {
            return ServerContext.create(settings, identities);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    InetSocketAddress serve(HelloPolicy policy, Duration timeout, Supplier<ConnectionHandler> handlers)
            throws IOException {
        TlsServer server = new TlsServer(runtime, policy, timeout, (loop, connection) -> handlers.get(), noted);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return (InetSocketAddress) engine.listen(ListenOptions.at(any), server).address();
    }

    /** A client of ours on the engine's loop. */
    SecureConnection connect(ClientSettings settings, SocketAddress address, String name, ConnectionHandler handler) {
        try {
            TlsClient client = new TlsClient(runtime, ClientContext.create(settings), PATIENCE, noted);
            return connect(client, address, name, handler);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    SecureConnection connect(TlsClient client, SocketAddress address, String name, ConnectionHandler handler) {
        return onLoop(() -> client.connect(loop(), address, SocketOptions.DEFAULTS, name, 443, handler));
    }

    EventLoop loop() {
        return engine.loop(0);
    }

    <T> T onLoop(Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        assertTrue(loop().execute(() -> result.complete(action.get())));
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A blocking client of the JDK's that trusts the fixtures' root; the handshake is not yet done. */
    static SSLSocket client(SSLContext context, InetSocketAddress address, String name) throws IOException {
        Socket plain = new Socket(address.getAddress(), address.getPort());
        plain.setSoTimeout((int) PATIENCE.toMillis());
        plain.setTcpNoDelay(true);
        return (SSLSocket) context.getSocketFactory().createSocket(plain, name, address.getPort(), true);
    }

    static void await(String what, BooleanSupplier condition) {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - beganNs > PATIENCE.toNanos()) {
                fail("waited in vain for: " + what);
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        runtime.close();
        engine.close();
        try {
            assertTrue(engine.awaitTermination(PATIENCE), "loops stop");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertEquals(0, loop().buffers().outstandingBuffers(), "buffers out");
        assertEquals(0, loop().counters().connectionsOpen(), "connections open");
        assertEquals(0, loop().timers().linkedTimers(), "timers linked");
        assertEquals(List.of(), failures);
    }

    /** What the observer was told. */
    static final class Noted implements TlsObserver {
        final List<String> handshakes = new CopyOnWriteArrayList<>();
        final List<TlsFailure> failures = new CopyOnWriteArrayList<>();
        final List<String> details = new CopyOnWriteArrayList<>();

        @Override
        public void onHandshake(SecureConnection connection, long durationNs) {
            handshakes.add(connection.version() + " " + connection.serverName() + " " + connection.applicationProtocol()
                    + (connection.isResumed() ? " resumed" : ""));
        }

        @Override
        public void onFailure(SecureConnection connection, TlsFailure failure, String detail) {
            details.add(detail);
            failures.add(failure);
        }
    }
}
