package dev.headgate.tunnel;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2OriginPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An origin that speaks HTTP/2, frame by frame, whose part a test itself plays: it has each of its connections in its hands. */
final class PlayedOrigin implements AutoCloseable {
    private final BlockingQueue<Http2OriginPeer> accepted = new LinkedBlockingQueue<>();
    private final Map<Http2OriginPeer, CountDownLatch> over = new ConcurrentHashMap<>();
    private final Http2Origin origin;

    private PlayedOrigin(@Nullable SSLContext context) {
        origin = context == null
                ? Http2Origin.start(this::hand)
                : Http2Origin.startTls(context, List.of("h2"), this::hand);
    }

    static PlayedOrigin start() {
        return new PlayedOrigin(null);
    }

    /** The same over TLS. */
    static PlayedOrigin startTls(SSLContext context) {
        return new PlayedOrigin(context);
    }

    private void hand(Http2OriginPeer peer) {
        var end = new CountDownLatch(1);
        over.put(peer, end);
        accepted.add(peer);
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next connection, on which nothing has been said. */
    Http2OriginPeer accept() {
        try {
            Http2OriginPeer peer = accepted.poll(Await.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            if (peer == null) {
                throw new AssertionError("nobody connects");
            }
            return peer;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next connection, to whose client WebSockets are offered, beside other settings. */
    Http2OriginPeer offer(int... settingsIdsAndValues) throws IOException {
        Http2OriginPeer peer = accept();
        peer.awaitPreface();
        int[] settings = java.util.Arrays.copyOf(settingsIdsAndValues, settingsIdsAndValues.length + 2);
        settings[settingsIdsAndValues.length] = Frames.ENABLE_CONNECT_PROTOCOL;
        settings[settingsIdsAndValues.length + 1] = 1;
        peer.settings(settings);
        return peer;
    }

    /** Ends a connection. */
    void end(Http2OriginPeer peer) {
        over.get(peer).countDown();
    }

    /** Connections so far. */
    int connections() {
        return origin.connections();
    }

    int port() {
        return origin.port();
    }

    /** The endpoint as a configuration names it. */
    String address() {
        return origin.address();
    }

    @Override
    public void close() {
        over.values().forEach(CountDownLatch::countDown);
        origin.close();
    }
}
