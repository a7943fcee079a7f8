package dev.headgate.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.nio.NioIo;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.DnsFailure;
import dev.headgate.observe.Metrics;
import dev.headgate.resolve.AddressAnswer;
import dev.headgate.resolve.LookUpFailure;
import dev.headgate.resolve.LookUpListener;
import dev.headgate.resolve.NameService;
import dev.headgate.resolve.ServiceAnswer;
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
    private static final long TIMEOUT = 5 * SECOND;
    private static final long RETRY = 5 * SECOND;
    private static final int ADDRESSES_MAX = 64;

    private final ScriptedNames names = new ScriptedNames();
    private final List<String> failures = new ArrayList<>();
    private final EndpointResolver resolver = new EndpointResolver(
            () -> names, ADDRESSES_MAX, (upstream, host, reason) -> failures.add(upstream + " " + host + " " + reason));

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

    /** Answers hold for as long as they say, and no longer than the upstream wants. */
    @ParameterizedTest
    @CsvSource({"1, ttl, 1", "40, ttl, 40", "300, ttl, 300", "40, 10s, 10", "40, 60s, 40"})
    void nameIsLookedUpAgainWhenItsAnswerHoldsNoLonger(long ttl, String refresh, long interval)
            throws InterruptedException {
        named("dns: {refresh: " + refresh + "}");
        names.ttlNs = ttl * SECOND;
        lookUpAtStart(0, "192.0.2.1");
        assertEquals(0, resolver.doWork(interval * SECOND - 1));
        assertEquals(1, resolver.doWork(interval * SECOND));
    }

    @Test
    void filesAreLookedAtInEachCycle() throws InterruptedException {
        named();
        lookUpAtStart(0, "192.0.2.1");
        resolver.doWork(1);
        resolver.doWork(2);
        assertEquals(2, names.refreshes);
    }

    @Test
    void familyThatCouldNotBeLookedUpKeepsItsAddresses() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1", "2001:db8::1");
        resolver.doWork(REFRESH);
        names.missing = AddressAnswer.Missing.IPV6;
        names.answer("192.0.2.2");
        assertEquals(List.of("192.0.2.2:8080", "2001:db8:0:0:0:0:0:1:8080"), addressesOf(endpoint));
        resolver.doWork(2 * REFRESH);
        names.missing = AddressAnswer.Missing.NOTHING;
        names.answer("192.0.2.3");
        assertEquals(List.of("192.0.2.3:8080"), addressesOf(endpoint));
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
        assertEquals(1, resolver.doWork(REFRESH));
        for (int i = 1; i <= 3; i++) {
            names.fail(DnsFailure.NO_SUCH_NAME);
            assertEquals(List.of("192.0.2.1:8080"), addressesOf(endpoint));
            assertEquals(0, resolver.doWork(REFRESH + i * RETRY - 1));
            assertEquals(1, resolver.doWork(REFRESH + i * RETRY));
        }
        assertEquals(3, failures.size());
        assertEquals("app origin.example no such name", failures.getFirst());
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
    void lookUpThatIsRefusedIsTriedAgainASecondLater() throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "192.0.2.1");
        names.full = true;
        resolver.doWork(REFRESH);
        assertEquals(List.of("app origin.example too many look-ups are waiting"), failures);
        names.full = false;
        assertEquals(0, resolver.doWork(REFRESH + SECOND - 1));
        assertEquals(1, resolver.doWork(REFRESH + SECOND));
        names.answer("192.0.2.5");
        assertEquals(List.of("192.0.2.5:8080"), addressesOf(endpoint));
    }

    /** What an answer lacks is filled up from what was known, as far as there is room. */
    @ParameterizedTest
    @CsvSource({"62, 63", "63, 64", "64, 64"})
    void oneNameHasAtMostSoManyAddresses(int answered, int used) throws InterruptedException {
        EndpointNode endpoint = named();
        lookUpAtStart(0, "2001:db8::1");
        String[] all = new String[answered];
        for (int i = 0; i < answered; i++) {
            all[i] = "192.0.2." + i;
        }
        resolver.doWork(REFRESH);
        names.missing = AddressAnswer.Missing.IPV6;
        names.answer(all);
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
        assertTrue(names.isClosed);
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
    private static final class ScriptedNames implements NameService {
        final List<LookUpListener<AddressAnswer>> waiting = new ArrayList<>();
        List<String> atOnce = List.of();
        AddressAnswer.Missing missing = AddressAnswer.Missing.NOTHING;
        long ttlNs = REFRESH;
        int refreshes;
        boolean full;
        boolean isClosed;

        @Override
        public boolean addresses(String host, LookUpListener<AddressAnswer> listener) {
            assertEquals("origin.example", host);
            if (full) {
                return false;
            }
            waiting.add(listener);
            if (!atOnce.isEmpty()) {
                answer(atOnce.toArray(String[]::new));
            }
            return true;
        }

        @Override
        public boolean services(String name, LookUpListener<ServiceAnswer> listener) {
            throw new AssertionError("nobody asks for services");
        }

        @Override
        public void refresh(long nowNs) {
            refreshes++;
        }

        @Override
        public void close() {
            isClosed = true;
        }

        void answer(String... addresses) {
            List<InetAddress> all =
                    List.of(addresses).stream().map(EndpointResolverTest::ip).toList();
            waiting.removeFirst().onAnswer(new AddressAnswer(all, ttlNs, missing));
        }

        void fail(DnsFailure kind) {
            waiting.removeFirst().onFailed(new LookUpFailure(kind, RETRY));
        }
    }
}
