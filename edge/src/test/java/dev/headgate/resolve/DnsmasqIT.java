package dev.headgate.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A DNS server of others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DnsmasqIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    /** A client of our own, without a proxy. */
    private static final class Client implements AutoCloseable {
        private final Engine engine;
        private final NameService names;
        private final Metrics metrics = new Metrics(1, 1, 1, 1);

        Client(Dnsmasq server) throws IOException {
            String text = "version: 1\ndns: {servers: [\"" + server.address() + "\"], hosts: off}\n"
                    + "listeners: [{name: web, address: \"127.0.0.1:0\"}]\nroutes: [{respond: {status: 200}}]\n";
            ProxyConfig config = ConfigLoader.parse("test.yaml", text, Environment.ofProcess())
                    .orThrow();
            engine = Engine.start(EngineOptions.builder().loops(1).build());
            var errors = new ErrorLog(System.getLogger("test"), System::nanoTime);
            names = NameServices.open(
                    config.dns(), engine.io(), engine.loop(0), metrics.dns(), errors, System.nanoTime());
        }

        String addresses(String host) {
            var result = new CompletableFuture<String>();
            assertTrue(names.addresses(host, Family.AUTO, new LookUpListener<>() {
                @Override
                public void onAnswer(AddressAnswer answer) {
                    result.complete(text(answer.addresses()) + " for " + answer.ttlNs() / SECOND + " s");
                }

                @Override
                public void onFailed(LookUpFailure failure) {
                    result.complete(failure.kind().toString());
                }
            }));
            return result.join();
        }

        String services(String name) {
            var result = new CompletableFuture<String>();
            assertTrue(names.services(name, Family.AUTO, new LookUpListener<>() {
                @Override
                public void onAnswer(ServiceAnswer answer) {
                    result.complete(answer.targets().stream()
                                    .map(each -> each.host() + ":" + each.port() + " " + each.priority() + "/"
                                            + each.weight() + " [" + text(each.addresses()) + "]")
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + " for " + answer.ttlNs() / SECOND + " s");
                }

                @Override
                public void onFailed(LookUpFailure failure) {
                    result.complete(failure.kind().toString());
                }
            }));
            return result.join();
        }

        private static String text(List<InetAddress> addresses) {
            return addresses.stream().map(InetAddress::getHostAddress).sorted().collect(Collectors.joining(" "));
        }

        MetricsSnapshot.Dns counts() {
            return metrics.snapshot(List.of()).dns();
        }

        @Override
        public void close() {
            names.close();
            engine.close();
        }
    }

    @Test
    void addressesOfBothFamiliesComeWithTheirTimes() throws Exception {
        try (var server = Dnsmasq.start(
                        folder,
                        "host-record=app.test,192.0.2.1,2001:db8::1,77",
                        "host-record=v4.test,192.0.2.4,30",
                        "host-record=v6.test,2001:db8::6,400",
                        "host-record=zero.test,192.0.2.9,0");
                var client = new Client(server)) {
            assertEquals("192.0.2.1 2001:db8:0:0:0:0:0:1 for 77 s", client.addresses("app.test"));
            assertEquals("192.0.2.4 for 30 s", client.addresses("V4.test."));
            assertEquals("2001:db8:0:0:0:0:0:6 for 300 s", client.addresses("v6.test"));
            assertEquals("192.0.2.9 for 1 s", client.addresses("zero.test"));
        }
    }

    @Test
    void aliasesLeadOn() throws Exception {
        try (var server = Dnsmasq.start(
                        folder,
                        "host-record=app.test,192.0.2.1,60",
                        "cname=one.test,app.test,50",
                        "cname=two.test,one.test,40");
                var client = new Client(server)) {
            assertEquals("192.0.2.1 for 40 s", client.addresses("two.test"));
        }
    }

    @Test
    void namesThatAreNotThereAreToldFromThoseWithoutAddresses() throws Exception {
        try (var server = Dnsmasq.start(folder, "txt-record=text.test,abc", "host-record=app.test,192.0.2.1");
                var client = new Client(server)) {
            assertEquals("NO_SUCH_NAME", client.addresses("none.test"));
            assertEquals("NO_DATA", client.addresses("text.test"));
            assertEquals("REFUSED", client.addresses("elsewhere.example"));
            assertEquals("NO_SUCH_NAME", client.services("_http._tcp.none.test"));
        }
    }

    @Test
    void servicesComeWithPriorityWeightAndAddresses() throws Exception {
        try (var server = Dnsmasq.start(
                        folder,
                        "srv-host=_http._tcp.app.test,a.test,8080,1,20",
                        "srv-host=_http._tcp.app.test,b.test,8081,2,30",
                        "srv-host=_http._tcp.app.test,gone.test,8082,3,40",
                        "host-record=a.test,192.0.2.1,60",
                        "host-record=b.test,192.0.2.2,2001:db8::2,50",
                        "local-ttl=90");
                var client = new Client(server)) {
            String found = client.services("_http._tcp.app.test");
            assertTrue(
                    found.startsWith(
                            "a.test:8080 1/20 [192.0.2.1], b.test:8081 2/30 [192.0.2.2 2001:db8:0:0:0:0:0:2] for "),
                    found);
        }
    }

    @Test
    void whatDoesNotFitIntoADatagramComesOverTcp() throws Exception {
        Path hosts = Files.write(
                folder.resolve("hosts"),
                IntStream.range(0, 300)
                        .mapToObj(i -> "10.0." + (i >> 8) + "." + (i & 255) + " many.test")
                        .toList());
        try (var server = Dnsmasq.start(folder, "addn-hosts=" + hosts, "local-ttl=60");
                var client = new Client(server)) {
            String found = client.addresses("many.test");
            assertTrue(found.endsWith(" for 60 s"), found);
            assertEquals(300 + 3, found.split(" ").length);
            assertEquals(1, client.counts().queriesOverTcp());
        }
    }

    @ThreatRow(
            value = "E-03",
            outcome =
                    "dnsmasq is killed: the last good answer stays in use; it comes back with other data: that is followed")
    @Test
    @EnabledOnOs(OS.LINUX) // Others have no further loopback addresses.
    void e_03_serverThatIsKilledAndComesBackWithOtherData() {
        SteeredIo io = new SteeredIo();
        try (var here = ScriptedOrigin.start().otherwise(OriginScript.ok("here"));
                var elsewhere = ScriptedOrigin.startBeside(here, "127.0.0.2").otherwise(OriginScript.ok("elsewhere"));
                var server = Dnsmasq.start(folder, "host-record=origin.test,127.0.0.1,60");
                var proxy = ProxySetup.before("origin.test:" + here.port())
                        .top("dns: {servers: [\"" + server.address() + "\"], hosts: off}")
                        .upstream("pool: {idle: 0}")
                        .start(io)) {
            assertServed(proxy);
            server.kill();
            for (int i = 1; i <= 3; i++) {
                int failed = i;
                io.pass(Duration.ofSeconds(60));
                Await.until("a look-up fails", () -> failures(proxy.metrics()) >= failed);
                assertServed(proxy);
            }
            assertEquals(4, here.requestLines().size());
            server.restart("host-record=origin.test,127.0.0.2,60");
            io.pass(Duration.ofSeconds(60));
            Await.until("the server has answered", () -> proxy.metrics().dns().answers() == 2);
            Await.until("the answer is followed", () -> {
                assertServed(proxy);
                return !elsewhere.requestLines().isEmpty();
            });
            int before = here.requestLines().size();
            assertServed(proxy);
            assertEquals(before, here.requestLines().size());
        }
    }

    private static void assertServed(ProxyHarness proxy) {
        try (var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
        }
    }

    /** As those who are to ask again have heard of them: the time until then begins with that. */
    private static long failures(MetricsSnapshot metrics) {
        return Objects.requireNonNull(metrics.upstreams().get("app"))
                .endpoints()
                .lookUpsFailed();
    }
}
