package dev.headgate.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Which code may know of what. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private static final String ENGINE = "dev.headgate.engine";
    private static final String SEAM = "dev.headgate.engine.io.nio";
    private static final String HTTP = "dev.headgate.http";
    private static final String TLS = "dev.headgate.tls";
    private static final String BALANCER = "dev.headgate.balancer";
    private static final String CLI = "dev.headgate.cli";

    private final List<ClassFileView> classes = OurClasses.read();

    @Test
    void allModulesAreSeen() {
        for (String part : List.of(SEAM, ENGINE, HTTP, TLS, BALANCER, CLI, "dev.headgate.exchange")) {
            assertTrue(classes.stream().anyMatch(c -> c.isIn(part)), part);
        }
    }

    @Test
    void engineKnowsNothingOfHttpOrProxies() {
        assertNobody(in(ENGINE), type -> isOurs(type) && !type.startsWith(ENGINE));
    }

    @Test
    void codecKnowsNoSocketsThreadsOrClocks() {
        assertNobody(in(HTTP), type -> isOurs(type) && !type.startsWith(HTTP) || isOutsideWorld(type));
        assertNobodyCalls(in(HTTP), CLOCKS);
    }

    @Test
    void tlsKnowsNothingOfHttpOrProxies() {
        assertNobody(in(TLS), type -> isOurs(type) && !type.startsWith(TLS) && !type.startsWith(ENGINE));
    }

    @Test
    void balancerKnowsNoSocketsThreadsOrClocks() {
        assertNobody(in(BALANCER), type -> isOurs(type) && !type.startsWith(BALANCER) || isOutsideWorld(type));
        assertNobodyCalls(in(BALANCER), CLOCKS);
    }

    private static boolean isOutsideWorld(String type) {
        return type.startsWith("java.net.")
                || type.startsWith("java.nio.channels.")
                || type.startsWith("java.nio.file.")
                || type.startsWith("java.io.File")
                || type.startsWith("java.time.")
                || type.equals("java.lang.Thread")
                || type.equals("java.util.Random")
                || type.equals("java.util.concurrent.ThreadLocalRandom");
    }

    /** Parts of the edge that may be used without a running proxy, and what they may know of the rest. */
    @Test
    void partsOfTheEdgeDependOneWay() {
        Map<String, Set<String>> mayKnow = Map.of(
                "dev.headgate.config", Set.of("dev.headgate.http", ENGINE + ".Immutable"),
                "dev.headgate.forward", Set.of("dev.headgate.http", ENGINE),
                "dev.headgate.observe",
                        Set.of(
                                ENGINE,
                                "dev.headgate.tls.transport.TlsFailure",
                                "dev.headgate.balancer.breaker",
                                "dev.headgate.balancer.health"),
                "dev.headgate.filter", Set.of("dev.headgate.http", ENGINE));
        mayKnow.forEach((part, others) -> assertNobody(
                in(part),
                type -> isOurs(type)
                        && !type.startsWith(part)
                        && others.stream().noneMatch(type::startsWith)));
    }

    /**
     * From the ground up: a package knows those in the lines above its own, and those in its own, if any. An exchange is in one line with what it
     * is made of: its route names the upstream, whose sessions tell it what comes, and it can become a tunnel.
     */
    private static final List<Set<String>> EDGE = List.of(
            Set.of("config"),
            Set.of("observe"),
            Set.of("resolve"),
            Set.of("forward"),
            Set.of("affinity"),
            Set.of("discover"),
            Set.of("filter"),
            Set.of("grpc"),
            Set.of("frames"),
            Set.of("secure"),
            Set.of("listener", "route", "exchange", "upstream", "tunnel"),
            Set.of("probe"),
            Set.of("balance"),
            Set.of("downstream"),
            Set.of("graph"),
            Set.of(""),
            Set.of("cli"));

    /** What an exchange asks of those who can be a side of a tunnel: whoever says so need not know exchanges. */
    private static final String TUNNEL_END = "dev.headgate.exchange.TunnelEnd";

    @Test
    void aSideOfATunnelKnowsTheEngineAlone() {
        assertNobody(
                c -> c.name().equals(TUNNEL_END),
                type -> isOurs(type) && !type.startsWith(ENGINE) && !type.equals(TUNNEL_END));
    }

    @Test
    void packagesOfTheEdgeAreInOrder() {
        Predicate<String> elsewhere = type -> type.equals(TUNNEL_END)
                || Stream.of(ENGINE, HTTP, TLS, BALANCER).anyMatch(part -> type.startsWith(part + "."));
        assertOrder("dev.headgate", EDGE, elsewhere);
    }

    @Test
    void packagesOfTlsAreInOrder() {
        List<Set<String>> order = List.of(
                Set.of("finding"),
                Set.of("encoding"),
                Set.of("credential"),
                Set.of("trust"),
                Set.of("hello"),
                Set.of("context"),
                Set.of("transport"));
        assertOrder(TLS, order, type -> false);
    }

    @Test
    void packagesOfTheCodecAreInOrder() {
        List<Set<String>> order =
                List.of(Set.of(""), Set.of("uri"), Set.of("h1"), Set.of("hpack"), Set.of("h2"), Set.of("websocket"));
        assertOrder(HTTP, order, type -> false);
    }

    @Test
    void nobodyKnowsTheCommandLine() {
        assertNobody(c -> !c.isIn(CLI), type -> type.startsWith(CLI));
    }

    // ---- the seam: a simulator can stand in for everything below it -------------------------------------------------

    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.Clock.systemUTC");

    @Test
    void socketsAreOpenedBelowTheSeamOnly() {
        assertNobody(aboveTheSeam(), type -> type.startsWith("java.nio.channels."));
    }

    @Test
    void clocksAreReadBelowTheSeamOnly() {
        assertNobodyCalls(aboveTheSeam().and(aroundTheProxy().negate()), CLOCKS);
    }

    @Test
    void chanceComesFromBelowTheSeamOnly() {
        Set<String> sources =
                Set.of("java.util.Random", "java.util.SplittableRandom", "java.util.concurrent.ThreadLocalRandom");
        assertNobody(aboveTheSeam(), sources::contains);
        assertNobodyCalls(
                aboveTheSeam(),
                Set.of(
                        "java.lang.Math.random",
                        "java.util.UUID.randomUUID",
                        "java.security.SecureRandom.<init>",
                        "java.security.SecureRandom.getInstance",
                        "java.security.SecureRandom.getInstanceStrong"));
    }

    @Test
    void namesAreResolvedBelowTheSeamOnly() {
        assertNobodyCalls(
                aboveTheSeam(), Set.of("java.net.InetAddress.getByName", "java.net.InetAddress.getAllByName"));
    }

    /** The configuration is read before there is a proxy; standard output is no file that anybody opens. */
    @Test
    void filesAreOpenedBelowTheSeamOrBeforeTheProxyRuns() {
        Set<String> files = Set.of(
                "java.nio.file.Files", "java.io.FileInputStream", "java.io.FileOutputStream", "java.io.FileReader");
        assertNobody(
                aboveTheSeam()
                        .and(aroundTheProxy().negate())
                        .and(c -> !c.isIn("dev.headgate.config"))
                        .and(c -> !c.name().equals("dev.headgate.observe.StreamSink")),
                files::contains);
    }

    @Test
    void threadsAreStartedBelowTheSeamOnly() {
        assertNobodyCalls(
                aboveTheSeam().and(aroundTheProxy().negate()),
                Set.of(
                        "java.lang.Thread.<init>",
                        "java.lang.Thread.start",
                        "java.lang.Thread.startVirtualThread",
                        "java.lang.Thread.ofPlatform",
                        "java.lang.Thread.ofVirtual",
                        "java.lang.Thread.sleep",
                        "java.util.concurrent.locks.LockSupport.parkNanos",
                        "java.util.concurrent.Executors.newFixedThreadPool",
                        "java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor"));
    }

    @Test
    void waitingIsDoneBelowTheSeamOnly() {
        Set<String> waiting = Set.of(
                "java.util.concurrent.CountDownLatch",
                "java.util.concurrent.CompletableFuture",
                "java.util.concurrent.Future",
                "java.util.concurrent.Semaphore",
                "java.util.concurrent.locks.ReentrantLock",
                "java.util.concurrent.locks.LockSupport");
        assertNobody(aboveTheSeam().and(aroundTheProxy().negate()), waiting::contains);
        assertNobodyCalls(
                aboveTheSeam().and(aroundTheProxy().negate()),
                Set.of("java.lang.Object.wait", "java.lang.Thread.join"));
    }

    /** The program around the proxy, with its signals, its waiting and its sample origins, is never simulated. */
    private static Predicate<ClassFileView> aroundTheProxy() {
        return c -> c.isIn(CLI);
    }

    private static Predicate<ClassFileView> aboveTheSeam() {
        return c -> !c.isIn(SEAM);
    }

    // ---- what nobody uses -------------------------------------------------------------------------------------------

    @Test
    void queuesAreThoseWithoutUnsafe() {
        assertNobody(
                c -> true,
                type -> type.startsWith("org.jctools.") && !type.startsWith("org.jctools.queues.varhandle."));
    }

    @Test
    void nobodyUsesUnsafeOrInternals() {
        assertNobody(
                c -> !c.name().equals("dev.headgate.cli.ProcessSignals"),
                type -> type.startsWith("sun.") || type.startsWith("jdk.internal."));
        assertNobody(c -> true, type -> type.equals("sun.misc.Unsafe"));
    }

    @Test
    void nobodyUsesReflection() {
        assertNobody(c -> true, type -> type.startsWith("java.lang.reflect."));
        assertNobodyCalls(c -> true, Set.of("java.lang.Class.forName", "java.lang.Class.getDeclaredMethod"));
    }

    // ---- helpers ----------------------------------------------------------------------------------------------------

    private static boolean isOurs(String type) {
        return type.startsWith("dev.headgate.");
    }

    private static Predicate<ClassFileView> in(String part) {
        return c -> c.isIn(part);
    }

    /** Nobody in {@code base} knows a package further down in the list; each package is in it, by its first name below {@code base}. */
    private void assertOrder(String base, List<Set<String>> order, Predicate<String> elsewhere) {
        Set<String> found = new TreeSet<>();
        classes.stream().filter(c -> c.isIn(base) && !elsewhere.test(c.name())).forEach(c -> {
            int line = lineOf(c.name(), base, order);
            c.types().stream()
                    .filter(type -> type.startsWith(base + ".") && !elsewhere.test(type))
                    .filter(type -> lineOf(type, base, order) > line)
                    .forEach(type -> found.add(c.name() + " -> " + type));
        });
        assertEquals(Set.of(), found);
    }

    private static int lineOf(String type, String base, List<Set<String>> order) {
        String rest = type.substring(base.length() + 1);
        int dot = rest.indexOf('.');
        String part = dot < 0 ? "" : rest.substring(0, dot);
        for (int line = 0; line < order.size(); line++) {
            if (order.get(line).contains(part)) {
                return line;
            }
        }
        throw new AssertionError("a package with no place in the order: " + type);
    }

    private void assertNobody(Predicate<ClassFileView> who, Predicate<String> bannedType) {
        Set<String> found = new TreeSet<>();
        classes.stream()
                .filter(who)
                .forEach(c ->
                        c.types().stream().filter(bannedType).forEach(type -> found.add(c.name() + " -> " + type)));
        assertEquals(Set.of(), found);
    }

    private void assertNobodyCalls(Predicate<ClassFileView> who, Set<String> bannedMembers) {
        Set<String> found = new TreeSet<>();
        classes.stream()
                .filter(who)
                .forEach(c -> c.members().stream()
                        .filter(bannedMembers::contains)
                        .forEach(member -> found.add(c.name() + " -> " + member)));
        assertEquals(Set.of(), found);
    }
}
