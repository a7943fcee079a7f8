package dev.headgate.testkit.h2;

import dev.headgate.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An origin that speaks HTTP/2 frame by frame. Each connection has a script, which runs on a thread of its own; a script that finds the
 * client in the wrong fails {@link #close}.
 */
public final class Http2Origin implements AutoCloseable {
    /** What is done with one connection. When it returns, the connection is closed. */
    @FunctionalInterface
    public interface Script {
        void run(Http2OriginPeer peer) throws IOException;

        /** This for the first connection, and {@code later} for all others. */
        default Script then(Script later) {
            AtomicInteger connections = new AtomicInteger();
            return peer -> (connections.getAndIncrement() == 0 ? this : later).run(peer);
        }

        /** Greets with these settings, then has each request handled until the client ends the connection. */
        static Script serving(Handler handler, int... settingsIdsAndValues) {
            return peer -> {
                peer.greet(settingsIdsAndValues);
                for (Http2Request next = peer.nextRequest(); next != null; next = peer.nextRequest()) {
                    handler.handle(peer, next);
                }
            };
        }
    }

    /** What is done with one request. */
    @FunctionalInterface
    public interface Handler {
        void handle(Http2OriginPeer peer, Http2Request request) throws IOException;
    }

    private final ServerSocket listening;
    private final @Nullable SSLContext tls;
    private final List<String> protocols;
    private final Script script;
    private final List<Http2OriginPeer> peers = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private Http2Origin(@Nullable SSLContext tls, List<String> protocols, Script script) {
        this.tls = tls;
        this.protocols = protocols;
        this.script = script;
        try {
            this.listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("http2-origin").start(this::accept);
    }

    /** In plain, for clients who know what is spoken. */
    public static Http2Origin start(Script script) {
        return new Http2Origin(null, List.of(), script);
    }

    /** Over TLS, choosing the first of {@code protocols} that is offered; none of them chooses nothing. */
    public static Http2Origin startTls(SSLContext context, List<String> protocols, Script script) {
        return new Http2Origin(context, protocols, script);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** The endpoint as a configuration names it. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** Connections so far. */
    public int connections() {
        return sockets.size();
    }

    /** Those of the connections whose script has begun, in order. */
    public List<Http2OriginPeer> peers() {
        return List.copyOf(peers);
    }

    /** Waits until the client has ended so many connections. */
    public void awaitEnded(int count) {
        Await.until(
                count + " connections have ended",
                () -> threads.stream().filter(thread -> !thread.isAlive()).count() >= count);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                sockets.add(socket);
                threads.add(Thread.ofVirtual().name("http2-origin-connection").start(() -> serve(socket)));
            } catch (IOException e) {
                // The listening socket was closed: the loop condition ends the thread.
            }
        }
    }

    private void serve(Socket raw) {
        try (raw) {
            raw.setTcpNoDelay(true);
            raw.setSoTimeout((int) Await.DEADLINE.toMillis());
            Socket socket = tls == null ? raw : secure(tls, raw);
            Http2OriginPeer peer = new Http2OriginPeer(socket, peers.size());
            peers.add(peer);
            script.run(peer);
            if (socket != raw) {
                socket.close();
            }
        } catch (IOException e) {
            // How a connection ends is what tests look at elsewhere.
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private SSLSocket secure(SSLContext context, Socket raw) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(raw, null, true);
        secure.setHandshakeApplicationProtocolSelector((socket, offered) ->
                protocols.stream().filter(offered::contains).findFirst().orElse(""));
        secure.startHandshake();
        return secure;
    }

    /** Ends all connections, and fails if a client was in the wrong. */
    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            for (Thread thread : threads) {
                thread.join(Await.DEADLINE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Throwable failure : failures) {
            throw new AssertionError("an origin's script has failed", failure);
        }
    }
}
