package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.engine.io.nio.NioIo;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointResolverTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long REFRESH = 30 * SECOND;
    private static final long TIMEOUT = 2 * SECOND;

    private final ScriptedNames names = new ScriptedNames();
    private final List<String> failures = new ArrayList<>();
    private final EndpointResolver resolver = new EndpointResolver(
            names, new NoPool(), (upstream, host, reason) -> failures.add(upstream + " " + host + " " + reason));

    @Test
    void literalsAndSocketPathsNeedNoLookUp() {
        UpstreamNode upstream = upstream("\"192.0.2.1:80\", \"[2001:db8::1]:80\", \"unix:/run/app.sock\"");
        assertEquals(0, resolver.names());
        assertEquals(
                new InetSocketAddress(ip("192.0.2.1"), 80), upstream.endpoint(0).nextAddress());
        assertEquals(
                new InetSocketAddress(ip("2001:db8::1"), 80),
                upstream.endpoint(1).nextAddress());
        assertEquals(
                UnixDomainSocketAddress.of("/run/app.sock"),
                upstream.endpoint(2).nextAddress());
        assertEquals(0, resolver.doWork(0));
    }

    @Test
    void nameHasNoAddressBeforeItsFirstAnswer() throws InterruptedException {
        EndpointNode endpoint = named();
        assertFalse(endpoint.isResolved());
        assertNull(endpoint.nextAddress());
        lookUpAtStart(0, "192.0.2.1");
        assertEquals(List.of("192.0.2.1:8080"), addressesOf(endpoint));
    }

    @Test
    void addressesAreUsedInTurn() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1", "192.0.2.2", "192.0.2.3");
        List<SocketAddress> turns = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            turns.add(endpoint.nextAddress());
        }
        assertEquals(3, Set.copyOf(turns).size());
        assertEquals(turns.subList(0, 3), turns.subList(3, 6));
    }

    @Test
    void nameIsLookedUpAgainWhenItsTimeHasCome() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1");
        assertEquals(0, resolver.doWork(REFRESH - 1));
        assertEquals(1, resolver.doWork(REFRESH));
        names.answer("192.0.2.9");
        assertEquals(List.of("192.0.2.9:8080"), addressesOf(endpoint));
        assertEquals(0, resolver.doWork(2 * REFRESH - 1));
        assertEquals(1, resolver.doWork(2 * REFRESH));
    }

    @Test
    void lastGoodAnswerStaysWhileLookUpsFail() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1");
        for (int i = 1; i <= 3; i++) {
            assertEquals(1, resolver.doWork(i * REFRESH));
            names.fail("no such host");
            assertEquals(List.of("192.0.2.1:8080"), addressesOf(endpoint));
        }
        assertEquals(3, failures.size());
        assertEquals("app origin.example no such host", failures.getFirst());
    }

    @Test
    void lastGoodAnswerStaysWhileLookUpsAreSilent() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1");
        resolver.doWork(REFRESH);
        resolver.doWork(REFRESH + TIMEOUT - 1);
        assertEquals(List.of(), failures);
        resolver.doWork(REFRESH + TIMEOUT);
        resolver.doWork(REFRESH + TIMEOUT + 1);
        assertEquals(List.of("app origin.example no answer in time"), failures);
        assertEquals(List.of("192.0.2.1:8080"), addressesOf(endpoint));
    }

    @Test
    void silentLookUpIsNotAskedAgainAndItsLateAnswerCounts() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1");
        assertEquals(1, resolver.doWork(REFRESH));
        assertEquals(0, resolver.doWork(3 * REFRESH));
        assertEquals(1, names.waiting.size());
        names.answer("192.0.2.2");
        assertEquals(List.of("192.0.2.2:8080"), addressesOf(endpoint));
        assertEquals(1, resolver.doWork(3 * REFRESH));
    }

    @Test
    void fullQueueIsTriedAgainAtTheNextRefresh() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1");
        names.full = true;
        resolver.doWork(REFRESH);
        assertEquals(List.of("app origin.example too many look-ups are waiting"), failures);
        names.full = false;
        assertEquals(0, resolver.doWork(2 * REFRESH - 1));
        assertEquals(1, resolver.doWork(2 * REFRESH));
        names.answer("192.0.2.5");
        assertEquals(List.of("192.0.2.5:8080"), addressesOf(endpoint));
    }

    @ParameterizedTest
    @CsvSource({"63, 63", "64, 64", "65, 64", "255, 64"})
    void oneNameHasAtMostSoManyAddresses(int answered, int used) throws InterruptedException {
        EndpointNode endpoint = named();
        String[] all = new String[answered];
        for (int i = 0; i < answered; i++) {
            all[i] = "192.0.2." + i;
        }
        lookUpAtStart(0, all);
        assertEquals(used, addressesOf(endpoint).size());
    }

    /** Start-up waits for the slowest upstream's timeout and goes on; a name that is answered later still counts. */
    @Test
    void startGoesOnWithoutAnAnswer() throws InterruptedException {
        EndpointNode endpoint = named("dns: {timeout: 10ms}");
        resolver.resolveAll(0, new NioIo().gate(1));
        assertEquals(List.of("app origin.example no answer in time"), failures);
        assertNull(endpoint.nextAddress());
        names.answer("192.0.2.1");
        assertEquals(List.of("192.0.2.1:8080"), addressesOf(endpoint));
    }

    @Test
    void nothingIsLookedUpAfterClosing() throws InterruptedException {
        named();
        lookUpAtStart(0, "192.0.2.1");
        resolver.close();
        assertEquals(DutyCycle.DONE, resolver.doWork(10 * REFRESH));
        assertTrue(names.waiting.isEmpty());
    }

    /** The clock may be anywhere, also just before it wraps around. */
    @Test
    void timesAreComparedByDifference() throws InterruptedException {
        named();
        long startNs = Long.MAX_VALUE - SECOND;
        lookUpAtStart(startNs, "192.0.2.1");
        assertEquals(0, resolver.doWork(startNs + REFRESH - 1));
        assertEquals(1, resolver.doWork(startNs + REFRESH));
    }

    private void lookUpAtStart(long nowNs, String... addresses) throws InterruptedException {
        names.atOnce = List.of(addresses);
        resolver.resolveAll(nowNs, new NioIo().gate(1));
        names.atOnce = List.of();
    }

    private EndpointNode named(String... settings) {
        UpstreamNode upstream = upstream("\"origin.example:8080\"", settings);
        assertEquals(1, resolver.names());
        return upstream.endpoint(0);
    }

    private UpstreamNode upstream(String endpoints, String... settings) {
        String yaml =
                "version: 1\nlisteners: [{name: web, address: \"127.0.0.1:0\"}]\nupstreams:\n  app:\n    endpoints: ["
                        + endpoints + "]\n"
                        + String.join(
                                "",
                                List.of(settings).stream()
                                        .map(s -> "    " + s + "\n")
                                        .toList())
                        + "routes: [{to: app}]\n";
        var config =
                ConfigLoader.parse("test.yaml", yaml, Environment.ofProcess()).orThrow();
        UpstreamNode node = new UpstreamNode(
                Objects.requireNonNull(config.upstreams().get("app")),
                Set.of(),
                new Metrics(1, Cause.COUNT, Violation.values().length, 1),
                null,
                (_, _, _) -> {},
                1,
                0);
        resolver.add(node);
        return node;
    }

    /** All addresses in use, by asking for them in turn. */
    private static List<String> addressesOf(EndpointNode endpoint) {
        var seen = new TreeSet<String>();
        for (int i = 0; i < 256; i++) {
            var address = (InetSocketAddress) Objects.requireNonNull(endpoint.nextAddress());
            seen.add(address.getAddress().getHostAddress() + ":" + address.getPort());
        }
        return List.copyOf(seen);
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }

    /** Answers when the test says so, on its thread. */
    private static final class ScriptedNames implements NameResolver {
        final List<Answer> waiting = new ArrayList<>();
        List<String> atOnce = List.of();
        boolean full;

        @Override
        public boolean resolve(String host, WorkPool pool, Answer answer) {
            assertEquals("origin.example", host);
            if (full) {
                return false;
            }
            waiting.add(answer);
            if (!atOnce.isEmpty()) {
                answer(atOnce.toArray(String[]::new));
            }
            return true;
        }

        void answer(String... addresses) {
            waiting.removeFirst()
                    .onResolved(List.of(addresses).stream()
                            .map(EndpointResolverTest::ip)
                            .toList());
        }

        void fail(String reason) {
            waiting.removeFirst().onFailed(new IOException(reason));
        }
    }

    private static final class NoPool implements WorkPool {
        @Override
        public boolean submit(Runnable work) {
            throw new AssertionError("the scripted resolver needs no pool");
        }

        @Override
        public void close() {}
    }
}
