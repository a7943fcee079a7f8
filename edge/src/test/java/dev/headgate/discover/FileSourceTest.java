package dev.headgate.discover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.Address;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.EndpointList;
import dev.headgate.config.Environment;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.engine.io.nio.NioIo;
import dev.headgate.testkit.AtOnce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is there while a list changes to names that have to be looked up. */
class FileSourceTest {
    private static final long WATCH = 100_000_000L;
    private static final String OLD = "192.0.2.1:80";

    private final Map<String, ScriptedName> names = new HashMap<>();
    private FileSource source = new FileSource(
            new UpstreamConfig.EndpointFile("unset", WATCH),
            listOfApp(),
            new NioIo().files(),
            AtOnce.POOL,
            new Unheard(),
            () -> {},
            this::make);
    private Path file = Path.of("");
    private long nowNs = Long.MAX_VALUE - WATCH; // it wraps around soon

    @TempDir
    Path folder;

    private void begin(String list) throws IOException {
        file = folder.resolve("list.yaml");
        Files.writeString(file, list);
        source = new FileSource(
                new UpstreamConfig.EndpointFile(file.toString(), WATCH),
                listOfApp(),
                new NioIo().files(),
                AtOnce.POOL,
                new Unheard(),
                () -> {},
                this::make);
        assertNull(source.readFirst(nowNs));
        work();
    }

    private void change(String list) throws IOException {
        Files.writeString(file, list);
        for (int look = 0; look < 3; look++) {
            nowNs += WATCH;
            work();
        }
    }

    private boolean work() {
        return source.doWork(nowNs);
    }

    private List<String> identities() {
        return source.current().stream().map(WantedEndpoint::identity).toList();
    }

    private ScriptedName name(String host) {
        return Objects.requireNonNull(names.get(host));
    }

    @Test
    void thoseThatHaveLeftStayUntilANameIsAnswered() throws IOException {
        begin("[\"192.0.2.1:80\"]");
        change("[\"a.test:80\"]");
        assertEquals(List.of(OLD), identities());
        assertFalse(work(), "nothing has changed");
        name("a.test").answer("192.0.2.9");
        assertTrue(work());
        assertEquals(List.of("a.test/192.0.2.9:80"), identities());
    }

    @Test
    void allNewNamesAreWaitedForWhileThoseThatAreThereServe() throws IOException {
        begin("[\"192.0.2.1:80\"]");
        change("[\"a.test:80\", \"b.test:80\", \"192.0.2.7:80\"]");
        assertEquals(List.of("192.0.2.7:80", OLD), identities());
        name("a.test").answer("192.0.2.9");
        work();
        assertEquals(List.of("a.test/192.0.2.9:80", "192.0.2.7:80", OLD), identities());
        name("b.test").answer("192.0.2.10");
        work();
        assertEquals(List.of("a.test/192.0.2.9:80", "b.test/192.0.2.10:80", "192.0.2.7:80"), identities());
    }

    /** A failure, or time that is over: both end the waiting. */
    @Test
    void namesThatCannotBeLookedUpAreNotWaitedForIfOthersAreThere() throws IOException {
        begin("[\"192.0.2.1:80\"]");
        change("[\"a.test:80\", \"b.test:80\"]");
        name("a.test").answer("192.0.2.9");
        work();
        name("b.test").isAwaited = false;
        assertTrue(work());
        assertEquals(List.of("a.test/192.0.2.9:80"), identities());
    }

    @Test
    void thoseThatHaveLeftStayWhileTheListLeadsToNothing() throws IOException {
        begin("[\"192.0.2.1:80\"]");
        change("[\"a.test:80\"]");
        name("a.test").isAwaited = false;
        assertFalse(work());
        assertEquals(List.of(OLD), identities());
        change("[\"b.test:80\"]");
        assertEquals(List.of(OLD), identities());
        name("b.test").answer("192.0.2.9");
        work();
        assertEquals(List.of("b.test/192.0.2.9:80"), identities());
    }

    @Test
    void answersOfANameThatHasLeftStayToo() throws IOException {
        begin("[\"a.test:80\"]");
        name("a.test").answer("192.0.2.9");
        work();
        change("[\"b.test:80\"]");
        assertEquals(List.of("a.test/192.0.2.9:80"), identities());
    }

    /** Only who has left is kept: a name that stays is taken at its word. */
    @Test
    void nameThatStaysFollowsItsAnswersMeanwhile() throws IOException {
        begin("[\"a.test:80\"]");
        name("a.test").answer("192.0.2.9");
        work();
        change("[\"a.test:80\", \"b.test:80\"]");
        name("a.test").answer("192.0.2.10");
        work();
        assertEquals(List.of("a.test/192.0.2.10:80"), identities());
    }

    private enum NothingToLookUp {
        EMPTY("[]"),
        FIXED("[\"192.0.2.7:80\"]");

        final String list;

        NothingToLookUp(String list) {
            this.list = list;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyStaysWhereNothingHasToBeLookedUp(NothingToLookUp next) throws IOException {
        begin("[\"192.0.2.1:80\"]");
        change(next.list);
        assertEquals(next == NothingToLookUp.EMPTY ? List.of() : List.of("192.0.2.7:80"), identities());
    }

    private EndpointSource make(EndpointConfig endpoint, @Nullable EndpointSource known) {
        SocketAddress address = endpoint.address().knownAddress();
        if (address != null) {
            return new FixedEndpoint(endpoint, address);
        }
        if (known != null) {
            return known;
        }
        var made = new ScriptedName(endpoint);
        names.put(((Address.Tcp) endpoint.address()).host(), made);
        return made;
    }

    /** A name that is looked up when the test says so. */
    private static final class ScriptedName implements EndpointSource {
        private final EndpointConfig config;
        private List<WantedEndpoint> current = List.of();
        private boolean isAwaited = true;
        private boolean isChanged;

        ScriptedName(EndpointConfig config) {
            this.config = config;
        }

        void answer(String address) {
            current = List.of(WantedEndpoint.named(
                    config, (Address.Tcp) config.address(), List.of(InetAddress.ofLiteral(address))));
            isAwaited = false;
            isChanged = true;
        }

        @Override
        public boolean doWork(long nowNs) {
            boolean was = isChanged;
            isChanged = false;
            return was;
        }

        @Override
        public List<WantedEndpoint> current() {
            return current;
        }

        @Override
        public boolean isUnresolved() {
            return current.isEmpty();
        }

        @Override
        public boolean isAwaited() {
            return isAwaited;
        }

        @Override
        public int names() {
            return 1;
        }
    }

    private static EndpointList listOfApp() {
        String yaml = """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:0"}]
                upstreams: {app: {endpoints: ["192.0.2.1:80"]}}
                routes: [{to: app}]
                """;
        var config = ConfigLoader.parse("f", yaml, Environment.of(Map.of())).orThrow();
        return EndpointList.of(Objects.requireNonNull(config.upstreams().get("app")));
    }

    private static final class Unheard implements FileSource.Observer {
        @Override
        public void onListChanged(String path, int endpoints) {}

        @Override
        public void onListUnusable(String path, String failure) {
            throw new AssertionError(failure);
        }
    }
}
