package dev.headgate.discover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.Address;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.WorkPool;
import dev.headgate.engine.io.nio.NioIo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSourceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long REFRESH = 30 * SECOND;
    private static final long TIMEOUT = 2 * SECOND;

    private final ScriptedNames names = new ScriptedNames();
    private final List<String> failures = new ArrayList<>();
    private int wakeups;

    @Test
    void literalsAndSocketPathsNeedNoLookUp() {
        UpstreamSources sources = sources("\"192.0.2.1:80\", \"[2001:db8::1]:80\", \"unix:/run/app.sock\"");
        assertEquals(0, sources.names());
        assertFalse(sources.doWork(0));
        assertEquals(
                List.of(
                        "192.0.2.1:80 at [/192.0.2.1:80]",
                        "[2001:db8::1]:80 at [/[2001:db8:0:0:0:0:0:1]:80]",
                        "unix:/run/app.sock at [/run/app.sock]"),
                shown(sources));
    }

    @Test
    void nameHasNoEndpointBeforeItsFirstAnswer() {
        UpstreamSources sources = named();
        assertFalse(sources.doWork(0));
        assertTrue(sources.isAnyUnresolved());
        assertEquals(List.of(), sources.wanted());
        names.answer("192.0.2.1");
        assertEquals(1, wakeups);
        assertTrue(sources.doWork(1));
        assertFalse(sources.isAnyUnresolved());
        assertEquals(List.of("origin.example/192.0.2.1:8080 at [/192.0.2.1:8080]"), shown(sources));
    }

    @Test
    void nameIsAwaitedUntilItIsAnsweredOrFailsOrIsLate() {
        NameSource answered = nameSource();
        assertTrue(answered.isAwaited(), "before it is asked for");
        answered.doWork(0);
        assertTrue(answered.isAwaited());
        names.answer("192.0.2.1");
        answered.doWork(1);
        assertFalse(answered.isAwaited());
        answered.doWork(REFRESH);
        assertFalse(answered.isAwaited(), "there is an answer in use");
        names.waiting.clear();

        NameSource failed = nameSource();
        failed.doWork(0);
        names.fail("no such host");
        failed.doWork(1);
        assertFalse(failed.isAwaited());

        NameSource late = nameSource();
        late.doWork(0);
        late.doWork(TIMEOUT - 1);
        assertTrue(late.isAwaited());
        late.doWork(TIMEOUT);
        assertFalse(late.isAwaited());
    }

    private NameSource nameSource() {
        UpstreamConfig upstream = upstream("\"origin.example:8080\"");
        var endpoint = upstream.endpoints().getFirst();
        return new NameSource(
                endpoint,
                (Address.Tcp) endpoint.address(),
                upstream.dns(),
                new ResolverNames(names, new NoPool()),
                (host, reason) -> failures.add(host + " " + reason),
                () -> wakeups++);
    }

    @Test
    void eachAddressIsAnEndpointWhateverTheOrderOfTheAnswer() {
        UpstreamSources sources = named();
        lookUp(sources, 0, "192.0.2.10", "192.0.2.9");
        List<String> both = List.of(
                "origin.example/192.0.2.9:8080 at [/192.0.2.9:8080]",
                "origin.example/192.0.2.10:8080 at [/192.0.2.10:8080]");
        assertEquals(both, shown(sources));
        assertFalse(lookUp(sources, REFRESH, "192.0.2.9", "192.0.2.10"), "nothing has changed");
        assertTrue(lookUp(sources, 2 * REFRESH, "192.0.2.9"));
        assertEquals(both.subList(0, 1), shown(sources));
    }

    /** The answer; the endpoints that it leads to, each with its addresses. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "auto | address | 192.0.2.2 192.0.2.1 fd00::1 | 192.0.2.1, 192.0.2.2",
                "auto | address | fd00::2 fd00::1 | fd00::1, fd00::2",
                "auto | address | ::1 127.0.0.1 | 127.0.0.1+::1",
                "auto | address | fd00::2 192.0.2.1 fd00::1 | 192.0.2.1+fd00::1+fd00::2",
                "auto | address | 192.0.2.1 | 192.0.2.1",
                "ipv4 | address | 192.0.2.2 192.0.2.1 fd00::1 | 192.0.2.1, 192.0.2.2",
                "ipv6 | address | 192.0.2.2 192.0.2.1 fd00::1 | fd00::1",
                "both | address | 192.0.2.2 192.0.2.1 fd00::1 | 192.0.2.1, fd00::1, 192.0.2.2",
                "both | address | ::1 127.0.0.1 | 127.0.0.1, ::1",
                "auto | name | 192.0.2.2 192.0.2.1 fd00::1 | 192.0.2.1+fd00::1+192.0.2.2",
                "ipv4 | name | 192.0.2.2 192.0.2.1 fd00::1 | 192.0.2.1+192.0.2.2",
                "ipv6 | name | 192.0.2.2 fd00::2 fd00::1 | fd00::1+fd00::2",
                "both | name | ::1 127.0.0.1 | 127.0.0.1+::1",
                "auto | address | 192.0.2.1 192.0.2.1 192.0.2.2 | 192.0.2.1, 192.0.2.2",
            })
    void addressesOfANameAreEndpoints(String family, String endpoint, String answer, String expected) {
        UpstreamSources sources = named("dns: {family: " + family + ", endpoint: " + endpoint + "}");
        lookUp(sources, 0, answer.split(" "));
        List<String> found = sources.wanted().stream()
                .map(each -> String.join(
                        "+", each.addresses().stream().map(NameSourceTest::ipOf).toList()))
                .toList();
        assertEquals(List.of(expected.split(", ")), found);
    }

    @Test
    void whatIsOneHostIsCalledByTheNameOrByItsFirstAddress() {
        UpstreamSources sources = named("dns: {endpoint: name}");
        lookUp(sources, 0, "192.0.2.1", "192.0.2.2");
        assertEquals("origin.example:8080", sources.wanted().getFirst().identity());
        UpstreamSources dual = named();
        lookUp(dual, 0, "fd00::1", "192.0.2.1");
        assertEquals("origin.example/192.0.2.1:8080", dual.wanted().getFirst().identity());
    }

    @Test
    void answerWithoutAnAddressOfTheFamilyIsAFailure() {
        UpstreamSources sources = named("dns: {family: ipv6}");
        lookUp(sources, 0, "fd00::1");
        assertFalse(lookUp(sources, REFRESH, "192.0.2.1"));
        assertEquals(List.of("app origin.example no address of this family"), failures);
        assertEquals(1, sources.wanted().size());
    }

    @Test
    void nameIsLookedUpAgainWhenItsTimeHasCome() {
        UpstreamSources sources = named();
        lookUp(sources, 0, "192.0.2.1");
        sources.doWork(REFRESH - 1);
        assertEquals(0, names.waiting.size());
        sources.doWork(REFRESH);
        assertEquals(1, names.waiting.size());
        names.answer("192.0.2.9");
        assertTrue(sources.doWork(REFRESH + 1));
        assertEquals(List.of("origin.example/192.0.2.9:8080 at [/192.0.2.9:8080]"), shown(sources));
        sources.doWork(2 * REFRESH - 1);
        assertEquals(0, names.waiting.size());
        sources.doWork(2 * REFRESH);
        assertEquals(1, names.waiting.size());
    }

    @Test
    void lastGoodAnswerStaysWhileLookUpsFail() {
        UpstreamSources sources = named();
        lookUp(sources, 0, "192.0.2.1");
        for (int i = 1; i <= 3; i++) {
            sources.doWork(i * REFRESH);
            names.fail("no such host");
            assertFalse(sources.doWork(i * REFRESH + 1));
            assertEquals(1, sources.wanted().size());
        }
        assertEquals(3, failures.size());
        assertEquals("app origin.example no such host", failures.getFirst());
    }

    @Test
    void lastGoodAnswerStaysWhileLookUpsAreSilent() {
        UpstreamSources sources = named();
        lookUp(sources, 0, "192.0.2.1");
        sources.doWork(REFRESH);
        sources.doWork(REFRESH + TIMEOUT - 1);
        assertEquals(List.of(), failures);
        sources.doWork(REFRESH + TIMEOUT);
        sources.doWork(REFRESH + TIMEOUT + 1);
        assertEquals(List.of("app origin.example no answer in time"), failures);
        assertEquals(1, sources.wanted().size());
    }

    @Test
    void silentLookUpIsNotAskedAgainAndItsLateAnswerCounts() {
        UpstreamSources sources = named();
        lookUp(sources, 0, "192.0.2.1");
        sources.doWork(REFRESH);
        sources.doWork(3 * REFRESH);
        assertEquals(1, names.waiting.size());
        names.answer("192.0.2.2");
        assertTrue(sources.doWork(3 * REFRESH + 1));
        assertEquals(List.of("origin.example/192.0.2.2:8080 at [/192.0.2.2:8080]"), shown(sources));
        assertEquals(1, names.waiting.size(), "its time has come long since");
    }

    @Test
    void fullQueueIsTriedAgainAtTheNextRefresh() {
        UpstreamSources sources = named();
        lookUp(sources, 0, "192.0.2.1");
        names.full = true;
        sources.doWork(REFRESH);
        sources.doWork(REFRESH + 1);
        assertEquals(List.of("app origin.example too many look-ups are waiting"), failures);
        names.full = false;
        sources.doWork(2 * REFRESH - 1);
        assertEquals(0, names.waiting.size());
        sources.doWork(2 * REFRESH);
        names.answer("192.0.2.5");
        assertTrue(sources.doWork(2 * REFRESH + 1));
    }

    @ParameterizedTest
    @CsvSource({"63, 63", "64, 64", "65, 64", "255, 64"})
    void oneNameHasAtMostSoManyAddresses(int answered, int used) {
        UpstreamSources sources = named();
        String[] all = new String[answered];
        for (int i = 0; i < answered; i++) {
            all[i] = "192.0.2." + i;
        }
        lookUp(sources, 0, all);
        assertEquals(used, sources.wanted().size());
    }

    /** The clock may be anywhere, also just before it wraps around. */
    @Test
    void timesAreComparedByDifference() {
        UpstreamSources sources = named();
        long startNs = Long.MAX_VALUE - SECOND;
        lookUp(sources, startNs, "192.0.2.1");
        sources.doWork(startNs + REFRESH - 1);
        assertEquals(0, names.waiting.size());
        sources.doWork(startNs + REFRESH);
        assertEquals(1, names.waiting.size());
    }

    /** Asks, and takes the answer in; whether that has changed anything. */
    private boolean lookUp(UpstreamSources sources, long nowNs, String... addresses) {
        sources.doWork(nowNs);
        names.answer(addresses);
        return sources.doWork(nowNs);
    }

    private UpstreamSources named(String... settings) {
        UpstreamSources sources = sources("\"origin.example:8080\"", settings);
        assertEquals(1, sources.names());
        return sources;
    }

    private static UpstreamConfig upstream(String endpoints, String... settings) {
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
        return Objects.requireNonNull(config.upstreams().get("app"));
    }

    private UpstreamSources sources(String endpoints, String... settings) {
        return new UpstreamSources(
                upstream(endpoints, settings),
                new UpstreamSources.Surroundings(
                        new ResolverNames(names, new NoPool()), new NioIo().files(), new NoPool()),
                new UpstreamSources.Observer() {
                    @Override
                    public void onLookUpFailed(String name, String host, String reason) {
                        failures.add(name + " " + host + " " + reason);
                    }

                    @Override
                    public void onListChanged(String name, String path, int endpoints) {}

                    @Override
                    public void onListUnusable(String name, String path, String failure) {}
                },
                () -> wakeups++);
    }

    private static List<String> shown(UpstreamSources sources) {
        return sources.wanted().stream()
                .map(each -> each.identity() + " at " + each.addresses())
                .toList();
    }

    private static String ipOf(SocketAddress address) {
        return Address.Tcp.at(((InetSocketAddress) address).getAddress(), 1).host();
    }

    /** Answers when the test says so, on its thread. */
    private static final class ScriptedNames implements NameResolver {
        final List<Answer> waiting = new ArrayList<>();
        boolean full;

        @Override
        public boolean resolve(String host, WorkPool pool, Answer answer) {
            assertEquals("origin.example", host);
            if (full) {
                return false;
            }
            waiting.add(answer);
            return true;
        }

        void answer(String... addresses) {
            waiting.removeFirst()
                    .onResolved(List.of(addresses).stream()
                            .map(InetAddress::ofLiteral)
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
