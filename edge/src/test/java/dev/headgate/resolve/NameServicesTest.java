package dev.headgate.resolve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.observe.DnsFailure;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.sim.FaultPlan;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimIo;
import dev.headgate.testkit.sim.Simulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration makes of names, in a simulated world. */
class NameServicesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String NAME = "app.example";
    private static final String RESOLV_CONF = "/etc/resolv.conf";

    private final Simulator simulator = new Simulator(7);
    private final SimIo io = new SimIo(simulator, FaultPlan.NONE, Sabotage.NONE);
    private final Metrics metrics = new Metrics(1, 1, 1, 1);
    private final Engine engine;
    private final List<String> results = new ArrayList<>();
    private final ErrorLog errors = new ErrorLog(System.getLogger("test"), () -> 0);

    NameServicesTest() throws IOException {
        engine = Engine.start(EngineOptions.builder().loops(1).io(io).build());
        io.name(NAME, List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")));
        io.nameServer(new InetSocketAddress("10.0.0.53", 53));
        io.nameServer(new InetSocketAddress("10.0.0.54", 5353));
    }

    private void file(String path, String text) {
        io.simFiles().writeReadable(Path.of(path), text.getBytes(US_ASCII));
    }

    private NameService open(String dns) {
        String text = "version: 1\ndns: " + dns + "\nlisteners: [{name: web, address: \"127.0.0.1:0\"}]\n"
                + "routes: [{respond: {status: 200}}]\n";
        var config =
                ConfigLoader.parse("test.yaml", text, Environment.ofProcess()).orThrow();
        return NameServices.open(
                config.dns(),
                io,
                engine.loop(0),
                metrics.dns(),
                errors,
                io.clock().monotonicNs());
    }

    private boolean ask(NameService names, String host) {
        return names.addresses(host, Family.AUTO, new LookUpListener<>() {
            @Override
            public void onAnswer(AddressAnswer answer) {
                results.add(answer.addresses().stream()
                                .map(InetAddress::getHostAddress)
                                .toList() + " for " + answer.ttlNs() / SECOND + " s");
            }

            @Override
            public void onFailed(LookUpFailure failure) {
                results.add(failure.kind() + " again in " + failure.retryNs() / SECOND + " s");
            }
        });
    }

    private String lookUp(NameService names, String host) {
        results.clear();
        assertTrue(ask(names, host));
        assertTrue(simulator.run(() -> !results.isEmpty(), 100 * SECOND));
        return results.getFirst();
    }

    private long failures(DnsFailure kind) {
        return counts().byFailure()[kind.ordinal()];
    }

    private MetricsSnapshot.Dns counts() {
        return metrics.snapshot(List.of()).dns();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                              | none                 | 0
                    {}                              | nameserver 10.0.0.53 | 2
                    {servers: system}               | nameserver 10.0.0.53 | 0
                    {servers: [10.0.0.53]}          | none                 | 2
                    {servers: ["10.0.0.54:5353"]}   | nameserver 10.0.0.99 | 2
                    """)
    void sourceSaysWhoIsAsked(String dns, String resolvConf, int queries) {
        if (!resolvConf.equals("none")) {
            file(RESOLV_CONF, resolvConf);
        }
        String answer = lookUp(open(dns), NAME);
        assertTrue(answer.startsWith("[192.0.2.1, 2001:db8:0:0:0:0:0:1] for "), answer);
        assertEquals(queries, counts().queries());
        assertEquals(1, counts().answers());
    }

    /** The file's search is for the file's servers. */
    @Test
    void configuredServersAreAskedForNamesAsTheyStand() {
        file(RESOLV_CONF, "search example\nnameserver 10.0.0.53");
        assertEquals("NO_SUCH_NAME again in 5 s", lookUp(open("{servers: [10.0.0.53]}"), "app"));
        assertTrue(lookUp(open("{}"), "app").startsWith("[192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'{servers: [10.0.0.53]}', 192.0.2.7",
        "'{servers: [10.0.0.53], hosts: /other}', 192.0.2.8",
        "'{servers: [10.0.0.53], hosts: off}', 192.0.2.1"
    })
    void hostsFileIsTheConfiguredOne(String dns, String first) {
        file("/etc/hosts", "192.0.2.7 " + NAME);
        file("/other", "192.0.2.8 " + NAME);
        String answer = lookUp(open(dns), NAME);
        assertTrue(answer.startsWith("[" + first), answer);
    }

    @Test
    void changedFilesAreTakenNoteOf() {
        file(RESOLV_CONF, "nameserver 10.0.0.99");
        NameService names = open("{}");
        assertEquals("UNREACHABLE again in 5 s", lookUp(names, NAME));
        file(RESOLV_CONF, "nameserver 10.0.0.53\n# longer than before");
        names.refresh(io.clock().monotonicNs() + NameFiles.LOOK_NS);
        assertTrue(lookUp(names, NAME).startsWith("[192.0.2.1"));
    }

    /** Nobody says there how long; within the least that an answer holds. */
    @ParameterizedTest
    @CsvSource({
        "{}, 5",
        "{absence: 5s}, 5",
        "{absence: 4s}, 4",
        "'{min: 7s, absence: 8s}', 7",
        "'{max: 3s}', 3",
        "'{min: 40s}', 40"
    })
    void absenceHoldsAsLongAsConfigured(String ttl, int seconds) {
        assertEquals(
                "NO_SUCH_NAME again in " + seconds + " s",
                lookUp(open("{servers: [10.0.0.53], ttl: " + ttl + "}"), "none.example"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "4, 3"})
    void soManyLookUpsAreTakenAtATime(int wanted, int taken) {
        NameService names = open("{servers: [10.0.0.53], lookUps: 3}");
        long begun = IntStream.range(0, wanted)
                .filter(i -> ask(names, "n" + i + ".example"))
                .count();
        assertEquals(taken, begun);
        assertEquals(wanted - taken, failures(DnsFailure.OVERLOADED));
        assertTrue(simulator.run(() -> results.size() == taken, 100 * SECOND));
        assertTrue(lookUp(names, NAME).startsWith("[192.0.2.1"), "there are places again");
    }

    @Test
    void systemTellsNoTimesNoReasonsAndNoServices() {
        NameService names = open("{servers: system, ttl: {max: 20s}}");
        assertEquals("[192.0.2.1, 2001:db8:0:0:0:0:0:1] for 20 s", lookUp(names, NAME));
        assertEquals("SYSTEM again in 5 s", lookUp(names, "none.example"));
        List<DnsFailure> failures = new ArrayList<>();
        names.services("_http._tcp.app.example", Family.AUTO, new LookUpListener<>() {
            @Override
            public void onAnswer(ServiceAnswer answer) {
                throw new AssertionError(answer);
            }

            @Override
            public void onFailed(LookUpFailure failure) {
                failures.add(failure.kind());
            }
        });
        simulator.run(() -> !failures.isEmpty(), SECOND);
        assertEquals(List.of(DnsFailure.NO_DATA), failures);
        names.refresh(0);
    }

    @ParameterizedTest
    @CsvSource({"'{servers: system}'", "'{servers: [10.0.0.53]}'"})
    void nothingIsTakenAfterTheEnd(String dns) {
        NameService names = open(dns);
        names.close();
        assertFalse(ask(names, NAME));
        assertEquals(0, failures(DnsFailure.OVERLOADED));
    }
}
