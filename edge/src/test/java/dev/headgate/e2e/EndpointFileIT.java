package dev.headgate.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.balancer.health.EndpointState;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.ProxyConfig;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.observe.UpstreamStatus.EndpointStatus;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints that a file lists, which changes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EndpointFileIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    private final ScriptedOrigin one = ScriptedOrigin.start().otherwise(OriginScript.ok("one"));
    private final ScriptedOrigin two = ScriptedOrigin.start().otherwise(OriginScript.ok("two"));
    private final ScriptedOrigin three = ScriptedOrigin.start().otherwise(OriginScript.ok("three"));

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void listOneOrigin() throws IOException {
        file = folder.resolve("app.yaml");
        Files.writeString(file, listOf(one));
    }

    @AfterEach
    void closeOrigins() {
        one.close();
        two.close();
        three.close();
    }

    private static String listOf(ScriptedOrigin... origins) {
        var text = new StringBuilder("# generated\n");
        for (ScriptedOrigin origin : origins) {
            text.append("- ").append(origin.address()).append('\n');
        }
        return text.toString();
    }

    private String yaml() {
        return """
               version: 1
               loops: 2
               listeners: [{name: web, address: "127.0.0.1:0"}]
               upstreams:
                 app:
                   endpoints: {file: %s, watch: 100ms}
                   balance: round-robin
                   discovery: {drain: 100ms}
               routes: [{to: app}]
               """.formatted(file);
    }

    /** Puts another list in the place of the old one, as those do who mean it well. */
    private void replace(String text) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitListed(ProxyHarness proxy, ScriptedOrigin... origins) {
        var wanted = new TreeSet<String>();
        for (ScriptedOrigin origin : origins) {
            wanted.add(origin.address());
        }
        Await.until("endpoints " + wanted, () -> listed(proxy).equals(wanted));
    }

    private static TreeSet<String> listed(ProxyHarness proxy) {
        var listed = new TreeSet<String>();
        for (EndpointStatus each : proxy.upstream().endpoints()) {
            if (each.state() != EndpointState.LEAVING) {
                listed.add(each.endpoint());
            }
        }
        return listed;
    }

    private static MetricsSnapshot.EndpointList counts(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app")).endpoints();
    }

    private static void awaitLogged(ProxyHarness proxy, String text) {
        Await.until(text, () -> proxy.errorLog().stream().anyMatch(line -> line.contains(text)));
    }

    private void awaitUnusable(ProxyHarness proxy, String failure) {
        Await.until(
                "the status says why: " + failure,
                () -> proxy.upstream()
                        .unusableLists()
                        .getOrDefault(file.toString(), "")
                        .contains(failure));
    }

    @Test
    void requestsGoToWhomTheFileListsNow() throws IOException {
        try (var proxy = ProxyHarness.start(yaml());
                var client = proxy.connect()) {
            assertEquals("one", client.send(GET).expectStatus(200).text());
            replace(listOf(two));
            awaitListed(proxy, two);
            for (int i = 0; i < 4; i++) {
                assertEquals("two", client.send(GET).expectStatus(200).text());
            }
            Files.writeString(file, listOf(three, one)); // in place, which may be seen half done
            awaitListed(proxy, one, three);
            awaitLogged(proxy, "event=endpoint_list_changed upstream=app file=" + file + " endpoints=2");
            assertEquals(2, counts(proxy).listChanges());
        }
    }

    @Test
    void weightsAndLabelsFollowTheFile() throws IOException {
        try (var proxy = ProxyHarness.start(yaml());
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            replace("- {address: \"%s\", weight: 0}\n- %s\n".formatted(one.address(), two.address()));
            awaitListed(proxy, one, two);
            for (int i = 0; i < 4; i++) {
                assertEquals("two", client.send(GET).expectStatus(200).text());
            }
            assertEquals(EndpointState.DRAINING, proxy.endpoint(one.address()).state());
            assertEquals(1, one.connections().size());
            assertEquals(0, counts(proxy).removed(), "it is the same one all the time");
        }
    }

    @Test
    void linkMayBeSwapped() throws IOException {
        Files.delete(file);
        Files.writeString(folder.resolve("a"), listOf(one));
        Files.writeString(folder.resolve("b"), listOf(two));
        Files.createSymbolicLink(file, folder.resolve("a"));
        try (var proxy = ProxyHarness.start(yaml())) {
            awaitListed(proxy, one);
            Path next = folder.resolve("next");
            Files.createSymbolicLink(next, folder.resolve("b"));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            awaitListed(proxy, two);
        }
    }

    @Test
    void fileThatIsOfNoUseChangesNothing() throws IOException {
        try (var proxy = ProxyHarness.start(yaml());
                var client = proxy.connect()) {
            replace(listOf(one, two) + "- nonsense\n");
            awaitLogged(proxy, "event=endpoint_list_unusable upstream=app file=" + file + " failure=");
            awaitLogged(proxy, file + ":4:3");
            awaitListed(proxy, one);
            assertEquals("one", client.send(GET).expectStatus(200).text());
            awaitUnusable(proxy, file + ":4:3");

            Files.delete(file);
            awaitLogged(proxy, "there is no such file");
            awaitListed(proxy, one);
            assertEquals(2, counts(proxy).listFailures());
            awaitUnusable(proxy, "there is no such file");

            replace(listOf(one)); // the same as before
            Await.until("it is of use", () -> proxy.upstream().unusableLists().isEmpty());
            replace(listOf(two));
            awaitListed(proxy, two);
        }
    }

    @Test
    void listMayBeEmpty() throws IOException {
        try (var proxy = ProxyHarness.start(yaml());
                var client = proxy.connect()) {
            replace("[]");
            awaitListed(proxy);
            client.send(GET).expectStatus(503);
            replace(listOf(one));
            awaitListed(proxy, one);
            client.send(GET).expectStatus(200);
        }
    }

    @Test
    void nothingStartsWithoutAList() throws IOException {
        ProxyConfig config =
                ConfigLoader.parse("test.yaml", yaml(), Environment.ofProcess()).orThrow();
        Files.writeString(file, "nonsense");
        var refused = assertThrows(HeadgateStartException.class, () -> Headgate.start(config));
        assertEquals(HeadgateStartException.Kind.ENDPOINTS_UNUSABLE, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains(file + ":1:1"), refused.getMessage());
        assertTrue(ConfigLoader.parse("test.yaml", yaml(), Environment.ofProcess())
                .config()
                .isEmpty());
    }

    @Test
    void noRequestFailsWhileTheListChanges() throws Exception {
        var isOver = new AtomicBoolean();
        var answered = new AtomicInteger();
        try (var proxy = ProxyHarness.start(yaml())) {
            List<Thread> clients = List.of(
                    Thread.ofVirtual().start(() -> load(proxy, isOver, answered)),
                    Thread.ofVirtual().start(() -> load(proxy, isOver, answered)),
                    Thread.ofVirtual().start(() -> load(proxy, isOver, answered)));
            ScriptedOrigin[][] lists = {{two}, {one, two}, {three}, {one}, {two, three}, {one, two, three}};
            for (ScriptedOrigin[] list : lists) {
                int before = answered.get();
                replace(listOf(list));
                awaitListed(proxy, list);
                Await.until("requests go on", () -> answered.get() > before + 100);
            }
            isOver.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(0, failures.get());
            assertTrue(proxy.errorLog().stream().noneMatch(line -> line.contains("event=upstream_")));
        }
    }

    // ---- requests under way when the list changes

    private String yaml(String settings) {
        return """
               version: 1
               loops: 1
               listeners: [{name: web, address: "127.0.0.1:0"}]
               upstreams:
                 app: {endpoints: {file: %s, watch: 100ms}, discovery: {drain: 1m}%s}
               routes: [{to: app, fallback: {respond: {status: 203, body: "fallback"}}}]
               """.formatted(file, settings);
    }

    /** Has the list looked at until nobody but {@code origins} is in it. */
    private static void passLooks(SteeredIo io, ProxyHarness proxy, ScriptedOrigin... origins) {
        var wanted = new TreeSet<String>();
        for (ScriptedOrigin origin : origins) {
            wanted.add(origin.address());
        }
        Await.until("endpoints " + wanted, () -> {
            io.pass(Duration.ofMillis(1));
            return listed(proxy).equals(wanted);
        });
    }

    /** Its endpoint has left while it was put off. */
    @ParameterizedTest
    @CsvSource({"true, 200, two", "false, 203, fallback"})
    void whatIsPutOffGoesToWhoIsThereByThen(boolean isAnyoneThere, int status, String text) throws IOException {
        var io = new SteeredIo().frozen().drawing(-1); // half of each wait
        one.otherwise(exchange -> exchange.respond(503, "later"));
        try (var proxy = ProxyHarness.start(
                        yaml(", retry: {on: 503, backoff: {base: 10s, max: 1m}}"),
                        new HeadgateOptions(Map.of(), System.getLogger("dev.headgate"), io));
                var client = proxy.connect()) {
            client.send(GET);
            Await.until("the answer is dropped", () -> dropped(proxy) == 1);
            replace(isAnyoneThere ? listOf(two) : "[]");
            passLooks(io, proxy, isAnyoneThere ? new ScriptedOrigin[] {two} : new ScriptedOrigin[0]);
            io.pass(Duration.ofSeconds(10));
            assertEquals(text, client.expectStatus(status).text());
        }
    }

    private static long dropped(ProxyHarness proxy) {
        return Objects.requireNonNull(proxy.metrics().upstreams().get("app")).answersDropped();
    }

    /** A connection that was idle too long is made up for by a fresh one, but not to an endpoint that has left. */
    @Test
    void aFreshConnectionIsOpenedToWhoIsThereByThen() throws IOException {
        var isAsked = new CountDownLatch(1);
        var mayClose = new CountDownLatch(1);
        try (var proxy = ProxyHarness.start(yaml(""));
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            one.otherwise(exchange -> {
                isAsked.countDown();
                exchange.await(mayClose);
                exchange.close();
            });
            client.send(GET);
            Await.open("it is asked", isAsked);
            replace(listOf(two));
            awaitListed(proxy, two);
            one.otherwise(OriginScript.ok("one"));
            mayClose.countDown();
            assertEquals("two", client.expectStatus(200).text());
        }
    }

    private final AtomicInteger failures = new AtomicInteger();

    private void load(ProxyHarness proxy, AtomicBoolean isOver, AtomicInteger answered) {
        try (RawClient client = proxy.connect()) {
            while (!isOver.get()) {
                int status = client.send(GET).readResponse().status();
                failures.addAndGet(status == 200 ? 0 : 1);
                answered.incrementAndGet();
            }
        } catch (RuntimeException | AssertionError e) {
            failures.incrementAndGet();
        }
    }
}
