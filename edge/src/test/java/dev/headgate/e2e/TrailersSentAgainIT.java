package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Origin;
import dev.headgate.testkit.h2.Http2OriginPeer;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Request;
import dev.headgate.testkit.peer.Fields;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.RefusingPort;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests with content and trailers that go to an origin in a second attempt: all of it arrives there, once. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TrailersSentAgainIT {
    private static final String FIRST = "first half, ";
    private static final String SECOND = "second half";
    private static final String SUM = "x-sum";

    /** Why there is a second attempt. */
    private enum Fault {
        /** Another endpoint, which is asked first, refuses the connection. */
        CONNECT_REFUSED,
        /** A connection from the pool ends when half of the request has come. */
        CLOSED_AMID,
        /** The same when all of it has. */
        CLOSED_BEHIND,
        GOAWAY_AMID,
        GOAWAY_BEHIND,
        REFUSED_AMID,
        REFUSED_BEHIND;

        boolean isBehind() {
            return this == CLOSED_BEHIND || this == GOAWAY_BEHIND || this == REFUSED_BEHIND;
        }

        boolean isOfHttp2() {
            return this != CONNECT_REFUSED && this != CLOSED_AMID && this != CLOSED_BEHIND;
        }
    }

    private enum Version {
        HTTP_1,
        HTTP_2
    }

    record Case(Version client, Version origin, Fault fault) {}

    static Stream<Case> cases() {
        return Stream.of(Version.values())
                .flatMap(client -> Stream.of(Version.values())
                        .flatMap(origin -> Stream.of(Fault.values())
                                .filter(fault -> origin == Version.HTTP_2 || !fault.isOfHttp2())
                                .map(fault -> new Case(client, origin, fault))));
    }

    /** A request as it came to the origin. */
    private record Received(String content, Fields trailers) {}

    @ParameterizedTest
    @MethodSource("cases")
    void contentAndTrailersArriveWholeAndOnce(Case given) {
        Fault fault = given.fault();
        boolean needsPool = fault != Fault.CONNECT_REFUSED;
        try (var refusing = RefusingPort.open();
                var origin = given.origin() == Version.HTTP_1 ? new Http1(fault) : new Http2(fault);
                var proxy = setup(
                                given,
                                needsPool ? List.of(origin.address()) : List.of(refusing.address(), origin.address()))
                        .start();
                var client = given.client() == Version.HTTP_1 ? new Client1(proxy) : new Client2(proxy)) {
            if (needsPool) {
                client.get();
            }
            client.begin();
            if (needsPool && !fault.isBehind()) {
                Await.open("the first attempt has failed", origin.failed);
            }
            client.finish();
            assertEquals(200, client.status());
            Received received = Objects.requireNonNull(origin.received);
            assertEquals(FIRST + SECOND, received.content());
            assertEquals(List.of("17"), received.trailers().all(SUM));
            assertEquals(1, received.trailers().lines().size());
            assertEquals(needsPool ? 2 : 1, origin.puts.get());
            assertEquals(
                    1,
                    Objects.requireNonNull(proxy.metrics().upstreams().get("app"))
                            .retries());
        }
    }

    private static ProxySetup setup(Case given, List<String> endpoints) {
        ProxySetup setup = ProxySetup.before(endpoints.toArray(String[]::new))
                .listener("protocols: [h2, http/1.1]")
                .upstream("balance: round-robin");
        return given.origin() == Version.HTTP_2 ? setup.upstream("protocol: h2") : setup;
    }

    // ---- clients

    private interface Client extends AutoCloseable {
        /** Asks for something else, so that the pool has a connection. */
        void get();

        /** Sends the head and the first half of the content. */
        void begin();

        /** Sends the second half, and trailers. */
        void finish();

        int status();

        @Override
        void close();
    }

    private static final class Client1 implements Client {
        private final RawClient peer;

        Client1(ProxyHarness proxy) {
            peer = proxy.connect();
        }

        @Override
        public void get() {
            peer.send("GET / HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(200);
        }

        @Override
        public void begin() {
            peer.send("PUT / HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊" + chunk(FIRST));
        }

        @Override
        public void finish() {
            peer.send(chunk(SECOND) + "0␍␊X-Sum: 17␍␊␍␊");
        }

        private static String chunk(String content) {
            return Integer.toHexString(content.length()) + "␍␊" + content + "␍␊";
        }

        @Override
        public int status() {
            return peer.readResponse().status();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    private static final class Client2 implements Client {
        private final Http2Peer peer;

        Client2(ProxyHarness proxy) {
            peer = Http2Peer.connect(proxy.port()).greet();
        }

        @Override
        public void get() {
            peer.get(1, "/").expectStatus(1, 200);
        }

        @Override
        public void begin() {
            peer.send(Frames.begin(3, FieldBlock.request("PUT", "/")), Frames.data(3, 0, FIRST));
        }

        @Override
        public void finish() {
            byte[] trailers = FieldBlock.of(SUM, "17");
            peer.send(Frames.data(3, 0, SECOND), Frames.headers(3, Frames.END_HEADERS | Frames.END_STREAM, trailers));
        }

        @Override
        public int status() {
            return peer.response(3).status();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    // ---- origins

    /** Fails the first PUT on a connection that has served another request, and takes the second. */
    private abstract static class Origin implements AutoCloseable {
        final Fault fault;
        final AtomicInteger puts = new AtomicInteger();
        final CountDownLatch failed = new CountDownLatch(1);
        volatile @Nullable Received received;

        Origin(Fault fault) {
            this.fault = fault;
        }

        /** Whether this one has to fail. */
        boolean isFirstPut() {
            return puts.getAndIncrement() == 0 && fault != Fault.CONNECT_REFUSED;
        }

        abstract String address();

        @Override
        public abstract void close();
    }

    private static final class Http1 extends Origin {
        private final ScriptedOrigin origin = ScriptedOrigin.start().otherwise(this::serve);

        Http1(Fault fault) {
            super(fault);
        }

        private void serve(OriginExchange exchange) throws IOException {
            if (exchange.request().method().equals("GET")) {
                exchange.respond(200, "warm");
            } else if (!isFirstPut()) {
                exchange.readContent();
                received = new Received(
                        origin.lastRequest().text(), origin.lastRequest().trailers());
                exchange.respond(200, "taken");
            } else {
                if (fault.isBehind()) {
                    exchange.readContent();
                } else {
                    exchange.readContent(FIRST.length());
                }
                exchange.close();
                failed.countDown();
            }
        }

        @Override
        String address() {
            return origin.address();
        }

        @Override
        public void close() {
            origin.close();
        }
    }

    private static final class Http2 extends Origin {
        private final Http2Origin origin = Http2Origin.start(this::serve);

        Http2(Fault fault) {
            super(fault);
        }

        private void serve(Http2OriginPeer peer) throws IOException {
            peer.greet();
            for (Http2Request next = peer.nextRequest(); next != null; next = peer.nextRequest()) {
                int id = next.streamId();
                if (next.method().equals("GET")) {
                    peer.respond(id, 200, "warm");
                } else if (!isFirstPut()) {
                    String content = new String(peer.awaitContent(id), StandardCharsets.US_ASCII);
                    received = new Received(content, peer.trailersOf(id));
                    peer.respond(id, 200, "taken");
                } else if (isClosedBy(peer, id)) {
                    return;
                }
            }
        }

        /** Fails a request; true when that ends the connection. */
        private boolean isClosedBy(Http2OriginPeer peer, int id) throws IOException {
            if (fault.isBehind()) {
                peer.awaitContent(id);
            } else {
                peer.awaitContent(id, FIRST.length());
            }
            switch (fault) {
                case GOAWAY_AMID, GOAWAY_BEHIND -> peer.send(Frames.goAway(id - 2, Codes.NO_ERROR));
                case REFUSED_AMID, REFUSED_BEHIND -> peer.send(Frames.rst(id, Codes.REFUSED_STREAM));
                case CONNECT_REFUSED, CLOSED_AMID, CLOSED_BEHIND -> {}
            }
            failed.countDown();
            return fault == Fault.CLOSED_AMID || fault == Fault.CLOSED_BEHIND;
        }

        @Override
        String address() {
            return origin.address();
        }

        @Override
        public void close() {
            origin.close();
        }
    }
}
