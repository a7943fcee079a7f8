package dev.headgate.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.EndpointSet;
import dev.headgate.balancer.EndpointStats;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.health.EndpointState;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.discover.Names;
import dev.headgate.discover.UpstreamSources;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.nio.NioIo;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.UpstreamStatus.EndpointStatus;
import dev.headgate.testkit.AtOnce;
import dev.headgate.testkit.Await;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent without loops: lists come, and what loops would do is done to the endpoints themselves. */
class EndpointTurnoverTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long REFRESH = SECOND;
    private static final long DRAIN = 30 * SECOND;

    private final ScriptedNames names = new ScriptedNames();
    private final Metrics metrics = new Metrics(1, Cause.COUNT, Violation.values().length, 1);
    private final NioIo io = new NioIo();
    private final BalancerAgent agent = new BalancerAgent(
            io,
            new UpstreamSources.Surroundings(names, io.files(), AtOnce.POOL),
            io.chance(1),
            new ErrorLog(System.getLogger("test"), io.clock()::monotonicNs));
    private long nowNs = Long.MAX_VALUE - 3 * SECOND; // it wraps around soon

    private final UpstreamNode upstream = upstream("discovery: {drain: 30s}");

    private UpstreamNode upstream(String key) {
        return upstreamOf("\"app.test:80\"", key);
    }

    private UpstreamNode upstreamOf(String endpoints, String key) {
        String yaml = """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                upstreams: {app: {endpoints: %s, dns: {refresh: 1s, timeout: 10ms}, %s}}
                routes: [{to: app}]
                """.formatted(endpoints, key);
        var config = ConfigLoader.parse("f", yaml, Environment.ofProcess()).orThrow();
        return new UpstreamNode(
                Objects.requireNonNull(config.upstreams().get("app")), Set.of(), metrics, null, agent, 1, 0);
    }

    private void begin(UpstreamNode of, String... addresses) throws InterruptedException {
        names.answer = List.of(addresses);
        agent.add(of, Map.of(), nowNs);
        begin();
    }

    private void begin() throws InterruptedException {
        try {
            agent.begin(nowNs);
        } catch (UnusableListException e) {
            throw new AssertionError(e);
        }
    }

    /** Another answer comes, and is taken in. */
    private void answer(List<String> addresses) {
        names.answer = addresses;
        pass(REFRESH);
    }

    private void pass(long ns) {
        nowNs += ns;
        for (int i = 0; i < 4; i++) {
            agent.doWork(nowNs);
        }
    }

    private static @Nullable EndpointNode find(UpstreamNode in, String address) {
        EndpointNode found = null;
        for (int slot = 0; slot < in.slotCount(); slot++) {
            EndpointNode each = in.endpointOrNull(slot);
            if (each != null && each.text().equals("app.test/" + address + ":80")) {
                assertEquals(slot, each.index());
                found = each.isListed() || found == null ? each : found;
            }
        }
        return found;
    }

    private EndpointNode expect(String address) {
        EndpointNode found = find(upstream, address);
        assertNotNull(found, address);
        return found;
    }

    private Set<String> shown(EndpointState state) {
        Set<String> shown = new TreeSet<>();
        for (EndpointStatus each : agent.status().getFirst().endpoints()) {
            if ((each.state() == EndpointState.LEAVING) == (state == EndpointState.LEAVING)) {
                shown.add(each.endpoint().replaceAll("app.test/(.*):80", "$1"));
            }
        }
        return shown;
    }

    @Test
    void whoStaysIsTheSameOne() throws InterruptedException {
        begin(upstream, "10.0.0.1", "10.0.0.2");
        EndpointNode second = expect("10.0.0.2");
        answer(List.of("10.0.0.2", "10.0.0.3"));
        assertSame(second, expect("10.0.0.2"));
        assertEquals(Set.of("10.0.0.2", "10.0.0.3"), shown(EndpointState.UP));
        assertEquals(Set.of("10.0.0.1"), shown(EndpointState.LEAVING));
    }

    @Test
    void slotIsKeptWhileSomethingIsUnderWay() throws InterruptedException {
        begin(upstream, "10.0.0.1");
        EndpointNode first = expect("10.0.0.1");
        first.stats().onAttemptStarted(0, nowNs);
        answer(List.of("10.0.0.2"));
        pass(2 * DRAIN);
        assertSame(first, upstream.endpointOrNull(0));
        first.stats().onAttemptEnded(0, 1);
        pass(1);
        assertNull(upstream.endpointOrNull(0));
        answer(List.of("10.0.0.2", "10.0.0.3"));
        assertEquals(0, expect("10.0.0.3").index());
    }

    @Test
    void whoComesBackWhileSomethingIsUnderWayIsTheSameOne() throws InterruptedException {
        begin(upstream, "10.0.0.1");
        EndpointNode first = expect("10.0.0.1");
        first.stats().onAttemptStarted(0, nowNs);
        answer(List.of("10.0.0.2"));
        pass(2 * DRAIN);
        answer(List.of("10.0.0.1"));
        assertSame(first, expect("10.0.0.1"));
        assertTrue(first.isListed());
    }

    /** A new one that comes first in the list takes nobody's place. */
    @Test
    void thoseThatAreThereStayWhenTheListIsTooLong() throws InterruptedException {
        UpstreamNode bounded = upstream("discovery: {endpoints: 2, drain: 30s}");
        begin(bounded, "10.0.0.2", "10.0.0.4");
        EndpointNode second = find(bounded, "10.0.0.2");
        EndpointNode fourth = find(bounded, "10.0.0.4");
        answer(List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"));
        assertSame(second, find(bounded, "10.0.0.2"));
        assertSame(fourth, find(bounded, "10.0.0.4"));
        assertEquals(Set.of("10.0.0.2", "10.0.0.4"), shown(EndpointState.UP));
        assertEquals(Set.of(), shown(EndpointState.LEAVING));
        answer(List.of("10.0.0.1", "10.0.0.3", "10.0.0.4"));
        assertEquals(Set.of("10.0.0.1", "10.0.0.4"), shown(EndpointState.UP), "who comes first in the list");
        assertEquals(Set.of("10.0.0.2"), shown(EndpointState.LEAVING));
    }

    /** Who is left out by the bound on endpoints has no use for the slots of those that drain. */
    @Test
    void thoseThatDrainAreNotHurriedWhenTheListIsTooLong() throws InterruptedException {
        UpstreamNode bounded = upstream("discovery: {endpoints: 2, drain: 30s}");
        begin(bounded, "10.0.0.1", "10.0.0.2");
        EndpointNode first = find(bounded, "10.0.0.1");
        answer(List.of("10.0.0.2", "10.0.0.3", "10.0.0.4"));
        pass(1);
        assertEquals(Set.of("10.0.0.1"), shown(EndpointState.LEAVING));
        answer(List.of("10.0.0.1", "10.0.0.2"));
        assertSame(first, find(bounded, "10.0.0.1"));
    }

    /** There are slots for so many that drain; when they are used up, those that have left first give up theirs. */
    @Test
    void onlyAsManyAreHurriedAsLackASlot(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("list.yaml");
        List<String> first = addresses(1);
        List<String> second = addresses(2);
        Files.writeString(file, first.toString());
        UpstreamNode listed = upstreamOf("{file: " + file + "}", "discovery: {endpoints: 8192, drain: 30s}");
        agent.add(listed, Map.of(), nowNs);
        begin();
        list(file, second);
        assertEquals(UpstreamView.ENDPOINTS_MAX, listed.slotCount());

        List<String> next = new ArrayList<>(second);
        next.set(0, "10.3.0.0:80");
        list(file, next);
        assertEquals(Set.copyOf(next), shown(EndpointState.UP));
        Set<String> leaving = new HashSet<>(first);
        leaving.remove(first.getFirst());
        leaving.add(second.getFirst());
        assertEquals(leaving, shown(EndpointState.LEAVING));
    }

    private static List<String> addresses(int network) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < UpstreamView.ENDPOINTS_MAX / 2; i++) {
            all.add("10." + network + "." + i / 256 + "." + i % 256 + ":80");
        }
        return all;
    }

    private void list(Path file, List<String> addresses) throws IOException {
        Files.writeString(file, addresses.toString());
        for (int look = 0; look < 3; look++) {
            pass(SECOND);
        }
    }

    /** What those that have left have under way would let one that stays have more than its share. */
    @Test
    void loadIsBoundedByWhatThoseInTheListHave() throws InterruptedException {
        UpstreamNode hashed = upstream("balance: {policy: hash, key: path, loadFactor: 150%}, discovery: {drain: 30s}");
        begin(hashed, "10.0.0.1", "10.0.0.2", "10.0.0.3");
        EndpointNode third = Objects.requireNonNull(find(hashed, "10.0.0.3"));
        for (int i = 0; i < 100; i++) {
            third.stats().onAttemptStarted(0, nowNs);
        }
        answer(List.of("10.0.0.1", "10.0.0.2"));
        for (int i = 1; i <= 20; i++) {
            int picked = hashed.pick(0, 0, 0, 4711, EndpointSet.NONE); // one key, as busy as can be
            EndpointStats stats = hashed.endpoint(picked).stats();
            stats.onAttemptStarted(0, nowNs);
            assertTrue(stats.inFlight() <= Math.ceil(i * 1.5 / 2), stats.inFlight() + " of " + i);
        }
    }

    @Test
    void startGoesOnWithoutAnAnswerWhichCountsWhenItComes() throws InterruptedException {
        names.isSilent = true;
        begin(upstream, "10.0.0.1");
        assertEquals(0, upstream.slotCount());
        assertEquals(Cause.DNS_FAILED, upstream.whyNone());
        names.answerAll();
        pass(1);
        assertEquals(1, upstream.slotCount());
        assertEquals(Cause.NO_ENDPOINT, upstream.whyNone());
    }

    @Test
    void nothingIsLookedUpAfterClosing() throws InterruptedException {
        begin(upstream, "10.0.0.1");
        int asked = names.asked;
        agent.close();
        assertEquals(DutyCycle.DONE, agent.doWork(nowNs + 10 * REFRESH));
        assertEquals(asked, names.asked);
    }

    /** Whatever comes and goes: nothing is kept of those that are gone. */
    @Test
    void memoryIsBoundedHoweverManyComeAndGo() throws InterruptedException {
        UpstreamNode quick = upstream("discovery: {drain: 0s}, sticky: {cookie: c, secret: long enough}");
        begin(quick, "10.0.0.1");
        List<WeakReference<EndpointNode>> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String address = "10.1." + i / 250 + "." + (i % 250 + 1);
            answer(List.of(address));
            all.add(new WeakReference<>(find(quick, address)));
            assertTrue(quick.slotCount() <= 3, "slots: " + quick.slotCount());
            int rows = metrics.snapshot(List.of()).endpoints().size();
            assertTrue(rows <= 3, "rows: " + rows);
        }
        pass(SECOND);
        Await.until("those that are gone are forgotten", () -> {
            System.gc();
            return all.stream().filter(each -> each.get() != null).count() <= 2;
        });
    }

    /** Against a plain model of who is listed, who is leaving and what is under way. */
    @Property(tries = 100)
    void turnoverIsInOrder(@ForAll long seed) throws InterruptedException {
        new EndpointTurnoverTest().walk(new Random(seed));
    }

    private void walk(Random random) throws InterruptedException {
        begin(upstream, "10.0.0.1");
        Map<EndpointNode, Integer> underWay = new HashMap<>();
        Map<EndpointNode, Integer> slotOf = new HashMap<>();
        for (int step = 0; step < 60; step++) {
            List<EndpointNode> known = List.copyOf(slotOf.keySet());
            switch (random.nextInt(4)) {
                case 0 -> answer(someOf(random));
                case 1 ->
                    known.stream().filter(EndpointNode::isListed).findAny().ifPresent(each -> {
                        each.stats().onAttemptStarted(0, nowNs);
                        underWay.merge(each, 1, Integer::sum);
                    });
                case 2 ->
                    underWay.keySet().stream().findAny().ifPresent(each -> {
                        each.stats().onAttemptEnded(0, 1);
                        underWay.computeIfPresent(each, (_, count) -> count == 1 ? null : count - 1);
                    });
                default -> pass(random.nextInt(3) == 0 ? DRAIN : REFRESH);
            }
            check(underWay, slotOf);
        }
        new ArrayList<>(underWay.keySet()).forEach(each -> {
            for (int i = underWay.getOrDefault(each, 0); i > 0; i--) {
                each.stats().onAttemptEnded(0, 1);
            }
        });
        answer(List.of("10.0.0.1"));
        pass(DRAIN);
        assertEquals(Set.of(), shown(EndpointState.LEAVING), "those that have left end");
    }

    private void check(Map<EndpointNode, Integer> underWay, Map<EndpointNode, Integer> slotOf) {
        Set<EndpointNode> here = new HashSet<>();
        for (int slot = 0; slot < upstream.slotCount(); slot++) {
            EndpointNode each = upstream.endpointOrNull(slot);
            if (each != null) {
                here.add(each);
                assertEquals(slot, slotOf.computeIfAbsent(each, EndpointNode::index), "it keeps its slot");
            }
        }
        underWay.keySet().forEach(each -> assertTrue(here.contains(each), "its slot is kept: " + each.text()));
        slotOf.keySet().retainAll(here);
        Set<String> listed = new TreeSet<>(shown(EndpointState.UP));
        assertEquals(new TreeSet<>(names.lastAnswer), listed);
        listed.forEach(each -> assertTrue(expect(each).isListed()));
    }

    private static List<String> someOf(Random random) {
        List<String> some = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            if (random.nextBoolean()) {
                some.add("10.0.0." + i);
            }
        }
        return some.isEmpty() ? List.of("10.0.0.1") : some;
    }

    /** Answers at once, unless told otherwise. */
    private static final class ScriptedNames implements Names {
        private final List<Asker> waiting = new ArrayList<>();
        private List<String> answer = List.of();
        private List<String> lastAnswer = List.of();
        private boolean isSilent;
        private int asked;

        @Override
        public void lookUp(String host, Asker asker) {
            asked++;
            waiting.add(asker);
            if (!isSilent) {
                answerAll();
            }
        }

        void answerAll() {
            lastAnswer = answer;
            waiting.forEach(each -> each.onAnswer(
                    new Answer.Found(answer.stream().map(InetAddress::ofLiteral).toList())));
            waiting.clear();
        }
    }
}
