package dev.headgate.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolvConfTest {
    private static final long SECOND = 1_000_000_000L;

    private static ResolvConf conf(String... lines) {
        return ResolvConf.parse(String.join("\n", lines));
    }

    private static String servers(ResolvConf conf) {
        return conf.servers().stream()
                .map(server -> server.getAddress().getHostAddress() + " " + server.getPort())
                .collect(Collectors.joining(", "));
    }

    private static String names(List<DnsName> names) {
        return names.stream().map(DnsName::toString).collect(Collectors.joining(" "));
    }

    @Test
    void readsWhatContainersHave() {
        ResolvConf conf = conf(
                "# generated",
                "search ns1.svc.cluster.local svc.cluster.local",
                "nameserver\t10.96.0.10",
                "options ndots:5");
        assertEquals("10.96.0.10 53", servers(conf));
        assertEquals("ns1.svc.cluster.local svc.cluster.local", names(conf.search()));
        assertEquals(5, conf.dots());
        assertEquals(0, conf.timeoutNs());
        assertEquals(0, conf.attempts());
        assertFalse(conf.isRotated());
        assertFalse(conf.usesTcp());
    }

    @Test
    void readsServersOfBothFamiliesInOrder() {
        assertEquals(
                "10.0.0.1 53, 2001:db8:0:0:0:0:0:1 53",
                servers(conf("nameserver 10.0.0.1", "nameserver 2001:db8::1 # comment", ";nameserver 10.0.0.9")));
    }

    @Test
    void asksThisMachineWhereNoServerIsNamed() {
        assertEquals("127.0.0.1 53", servers(conf("")));
        assertEquals("127.0.0.1 53", servers(conf("nameserver", "nameserver dns.example", "nameserver 10.0.0.256")));
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "8, 8", "9, 8"})
    void takesSoManyServers(int there, int taken) {
        String text = IntStream.range(0, there)
                .mapToObj(i -> "nameserver 10.0.0." + i)
                .collect(Collectors.joining("\n"));
        assertEquals(taken, ResolvConf.parse(text).servers().size());
    }

    @ParameterizedTest
    @CsvSource({"15, 15", "16, 16", "17, 16"})
    void takesSoManyPlaces(int there, int taken) {
        String text =
                IntStream.range(0, there).mapToObj(i -> "d" + i + ".example").collect(Collectors.joining(" "));
        assertEquals(taken, conf("search " + text).search().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ndots:0    | 0  | 0  | 0
                    ndots:15   | 15 | 0  | 0
                    ndots:16   | 15 | 0  | 0
                    ndots:x    | 1  | 0  | 0
                    ndots:-1   | 1  | 0  | 0
                    ndots      | 1  | 0  | 0
                    timeout:1  | 1  | 1  | 0
                    timeout:30 | 1  | 30 | 0
                    timeout:31 | 1  | 30 | 0
                    timeout:0  | 1  | 0  | 0
                    attempts:5 | 1  | 0  | 5
                    attempts:6 | 1  | 0  | 5
                    attempts:0 | 1  | 0  | 0
                    edns0 trust-ad single-request ndots:2 | 2 | 0 | 0
                    timeout:3 attempts:4 ndots:2 | 2 | 3 | 4
                    """)
    void optionsAreCappedAsTheCLibraryCapsThem(String options, int dots, long timeout, int attempts) {
        ResolvConf conf = conf("options " + options);
        assertEquals(dots, conf.dots());
        assertEquals(timeout * SECOND, conf.timeoutNs());
        assertEquals(attempts, conf.attempts());
    }

    @Test
    void knowsRotationAndTcp() {
        ResolvConf conf = conf("options rotate", "options use-vc");
        assertTrue(conf.isRotated());
        assertTrue(conf.usesTcp());
    }

    @Test
    void lastOfDomainAndSearchCounts() {
        assertEquals(
                "b.example c.example",
                names(conf("domain a.example", "search b.example c.example").search()));
        assertEquals(
                "a.example",
                names(conf("search b.example c.example", "domain a.example x").search()));
        assertEquals("a.example", names(conf("search a.example. bad..example").search()));
    }

    /** A name has 255 bytes at most as they are sent (RFC 1035 §2.3.4): 253 letters and dots. */
    @Test
    void candidatesThatAreTooLongAreLeftOut() {
        String place = ("a".repeat(63) + ".").repeat(3) + "b".repeat(50);
        assertEquals(
                List.of("db.example", "db.example." + place),
                List.of(names(conf("search " + place).candidates("db.example")).split(" ")));
        assertEquals("db.example", names(conf("search " + place + "b").candidates("db.example")));
        assertEquals("", names(conf("").candidates("a..b")));
    }

    @Test
    void sameTextIsTheSame() {
        assertEquals(
                conf("nameserver 10.0.0.1", "search a.example"), conf("nameserver 10.0.0.1", "", "search A.example"));
    }
}
