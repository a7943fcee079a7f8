package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.exchange.Cause;
import dev.headgate.observe.DnsFailure;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.dns.DnsAsked;
import dev.headgate.testkit.dns.DnsMessage;
import dev.headgate.testkit.dns.DnsServer;
import dev.headgate.testkit.dns.DnsServer.Script;
import dev.headgate.testkit.peer.OriginScript;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server for names that lies, errs or is away, before a proxy that knows its origin by name. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NameAttackIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";
    private static final String NAME = "origin.example";
    private static final String HERE = "127.0.0.1";
    private static final String ELSEWHERE = "127.0.0.2";

    /** Queries have more time than a test lets pass at once while one may be under way. */
    private static ProxySetup before(ScriptedOrigin origin, DnsServer names) {
        return before(origin, names, "30s");
    }

    private static ProxySetup before(ScriptedOrigin origin, DnsServer names, String timeout) {
        return ProxySetup.before(NAME + ":" + origin.port())
                .top("dns: {servers: [\"" + names.address() + "\"], hosts: off, timeout: " + timeout
                        + ", attempts: 1}");
    }

    private static Function<DnsAsked, DnsMessage> at(String address, long ttl) {
        return asked -> asked.type() == DnsMessage.A
                ? DnsMessage.answerTo(asked).a(NAME, ttl, address)
                : DnsMessage.answerTo(asked).soa("example", 300, 300);
    }

    private static void assertServed(ProxyHarness proxy) {
        try (var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
        }
    }

    private static boolean isServed(ProxyHarness proxy) {
        try (var client = proxy.connect()) {
            return client.send(GET).readResponse().status() == 200;
        }
    }

    private static long failures(ProxyHarness proxy) {
        return Arrays.stream(proxy.metrics().dns().byFailure()).sum();
    }

    // ---- times

    @ThreatRow(
            value = "E-03",
            outcome = "an answer that holds for no time holds for a second: requests in between ask nobody")
    @Test
    void e_03_answersThatHoldForNoTimeHoldForASecond() {
        SteeredIo io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start();
                var names = DnsServer.answering(at(HERE, 0));
                var proxy = before(origin, names).start(io)) {
            for (int i = 0; i < 20; i++) {
                assertServed(proxy);
            }
            io.pass(Duration.ofMillis(999));
            assertServed(proxy);
            assertEquals(2, names.asked().size());
            io.pass(Duration.ofMillis(1));
            Await.until("the name is asked for again", () -> names.asked().size() == 4);
        }
    }

    @ThreatRow(value = "E-03", outcome = "an answer that claims to hold for years is asked for again after 300 s")
    @Test
    void e_03_answersThatClaimToHoldForYearsHoldForFiveMinutes() {
        SteeredIo io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start();
                var names = DnsServer.answering(at(HERE, Integer.MAX_VALUE));
                var proxy = before(origin, names).start(io)) {
            assertServed(proxy);
            io.pass(Duration.ofSeconds(299));
            assertServed(proxy);
            assertEquals(2, names.asked().size());
            io.pass(Duration.ofSeconds(1));
            Await.until("the name is asked for again", () -> names.asked().size() == 4);
        }
    }

    @ThreatRow(
            value = "E-03",
            outcome = "an answer that there is no such name, for years, is asked for again after 30 s")
    @Test
    void e_03_absenceThatClaimsToHoldForYearsHoldsForHalfAMinute() {
        SteeredIo io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start();
                var names = DnsServer.answering(asked -> DnsMessage.answerTo(asked)
                        .code(DnsMessage.NO_SUCH_NAME)
                        .soa("example", Integer.MAX_VALUE, Integer.MAX_VALUE));
                var proxy = before(origin, names).start(io)) {
            assertFalse(isServed(proxy));
            names.script(DnsServer.says(at(HERE, 60)));
            io.pass(Duration.ofSeconds(29));
            assertFalse(isServed(proxy));
            assertEquals(2, names.asked().size());
            io.pass(Duration.ofSeconds(1));
            Await.until("it is there", () -> isServed(proxy));
        }
    }

    @ThreatRow(
            value = "E-03",
            outcome = "an answer that flips is followed when the one before holds no longer, and not sooner")
    @Test
    @EnabledOnOs(OS.LINUX) // Others have no further loopback addresses.
    void e_03_answersThatFlipAreFollowedInTime() {
        SteeredIo io = new SteeredIo().frozen();
        try (var here = ScriptedOrigin.start().otherwise(OriginScript.ok("here"));
                var elsewhere = ScriptedOrigin.startBeside(here, ELSEWHERE).otherwise(OriginScript.ok("elsewhere"));
                var names = DnsServer.answering(at(HERE, 60));
                var proxy = before(here, names).upstream("pool: {idle: 0}").start(io)) {
            assertServed(proxy);
            names.script(DnsServer.says(at(ELSEWHERE, 60)));
            io.pass(Duration.ofSeconds(59));
            assertServed(proxy);
            assertEquals(2, here.requestLines().size());
            io.pass(Duration.ofSeconds(1));
            Await.until("the answer is there", () -> proxy.metrics().dns().answers() == 2);
            Await.until("it is followed", () -> {
                assertServed(proxy);
                return !elsewhere.requestLines().isEmpty();
            });
        }
    }

    @ThreatRow(
            value = "E-03",
            outcome = "a server that is silent is waited for twice for 2 s; requests go on meanwhile")
    @Test
    void e_03_silentServerIsWaitedForTwiceForTwoSeconds() {
        SteeredIo io = new SteeredIo().frozen();
        try (var origin = ScriptedOrigin.start();
                var names = DnsServer.answering(at(HERE, 60));
                var proxy = ProxySetup.before(NAME + ":" + origin.port())
                        .top("dns: {servers: [\"" + names.address() + "\"], hosts: off}")
                        .start(io)) {
            names.script((asked, reply) -> {});
            io.pass(Duration.ofSeconds(60));
            Await.until("the name is asked for again", () -> names.asked().size() == 4);
            io.pass(Duration.ofMillis(1950));
            assertServed(proxy);
            assertEquals(4, names.asked().size());
            io.pass(Duration.ofMillis(100));
            Await.until("it is asked once more", () -> names.asked().size() == 6);
            io.pass(Duration.ofMillis(1850));
            assertServed(proxy);
            assertEquals(0, failures(proxy));
            io.pass(Duration.ofMillis(200));
            Await.until("the look-up fails", () -> failures(proxy) == 1);
            assertEquals(1, proxy.metrics().dns().byFailure()[DnsFailure.TIMED_OUT.ordinal()]);
            assertServed(proxy);
            assertEquals(6, names.asked().size());
        }
    }

    // ---- answers that are none

    /** What befalls a look-up, and how it is counted. */
    record Trouble(String name, DnsFailure failure, Script script) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Trouble trouble(String name, DnsFailure failure, Function<DnsAsked, DnsMessage> message) {
        return new Trouble(name, failure, DnsServer.says(message));
    }

    private static Trouble raw(String name, DnsFailure failure, Function<DnsAsked, byte[]> message) {
        return new Trouble(name, failure, (asked, reply) -> reply.send(message.apply(asked)));
    }

    private static byte[] pointerLoop(DnsAsked asked) {
        byte[] answer = DnsMessage.answerTo(asked).a(NAME, 60, ELSEWHERE).bytes();
        int pointer = answer.length - 16; // the name of the record
        answer[pointer] = (byte) 0xC0;
        answer[pointer + 1] = (byte) pointer;
        return answer;
    }

    static List<Trouble> troubles() {
        return List.of(
                trouble(
                        "no such name",
                        DnsFailure.NO_SUCH_NAME,
                        asked -> DnsMessage.answerTo(asked).code(3)),
                trouble("no address", DnsFailure.NO_DATA, DnsMessage::answerTo),
                trouble(
                        "failure",
                        DnsFailure.SERVER_FAILURE,
                        asked -> DnsMessage.answerTo(asked).code(2)),
                trouble(
                        "refusal",
                        DnsFailure.REFUSED,
                        asked -> DnsMessage.answerTo(asked).code(5)),
                new Trouble("silence", DnsFailure.TIMED_OUT, (asked, reply) -> {}),
                trouble(
                        "aliases in a loop",
                        DnsFailure.MALFORMED,
                        asked -> DnsMessage.answerTo(asked)
                                .cname(NAME, 60, "b.example")
                                .cname("b.example", 60, NAME)),
                raw("pointers in a loop", DnsFailure.MALFORMED, NameAttackIT::pointerLoop),
                trouble(
                        "another name's address",
                        DnsFailure.NO_DATA,
                        asked -> DnsMessage.answerTo(asked).a("other.example", 60, ELSEWHERE)),
                raw(
                        "another number",
                        DnsFailure.TIMED_OUT,
                        asked -> DnsMessage.answer(asked.id() ^ 1, NAME, asked.type())
                                .a(NAME, 60, ELSEWHERE)
                                .bytes()),
                raw(
                        "another question",
                        DnsFailure.TIMED_OUT,
                        asked -> DnsMessage.answer(asked.id(), "other.example", asked.type())
                                .a("other.example", 60, ELSEWHERE)
                                .bytes()),
                new Trouble(
                        "another port",
                        DnsFailure.TIMED_OUT,
                        (asked, reply) -> reply.sendFromElsewhere(
                                at(ELSEWHERE, 60).apply(asked).bytes())),
                trouble(
                        "truncated, and nothing over TCP",
                        DnsFailure.UNREACHABLE,
                        asked -> DnsMessage.answerTo(asked).truncated()),
                raw("nothing in the datagram", DnsFailure.TIMED_OUT, asked -> new byte[0]),
                raw("part of an answer", DnsFailure.MALFORMED, asked -> {
                    byte[] whole = at(ELSEWHERE, 60).apply(asked).bytes();
                    return Arrays.copyOf(whole, whole.length - 1);
                }));
    }

    @ThreatRow(
            value = "E-03",
            advisory = "nginx CVE-2021-23017",
            outcome =
                    "no such name, failures, silence, loops of aliases and pointers, other numbers, questions and ports, TC"
                            + " without TCP: the last good answer stays in use, and the look-up is counted as failed")
    @ParameterizedTest
    @MethodSource("troubles")
    void e_03_lastGoodAnswerStaysInUse(Trouble trouble) {
        SteeredIo io = new SteeredIo();
        try (var origin = ScriptedOrigin.start();
                var names = DnsServer.answering(at(HERE, 20));
                var proxy = before(origin, names).upstream("dns: {timeout: 1m}").start(io)) {
            assertServed(proxy);
            names.script(trouble.script());
            io.pass(Duration.ofSeconds(20));
            Await.until("the name has been asked for", () -> names.asked().size() >= 4);
            if (trouble.failure() == DnsFailure.TIMED_OUT) {
                io.pass(Duration.ofSeconds(31));
            }
            Await.until("the look-up fails", () -> failures(proxy) == 1);
            assertEquals(1, proxy.metrics().dns().byFailure()[trouble.failure().ordinal()]);
            assertServed(proxy);
            Await.until(
                    "the log tells of it",
                    () -> proxy.errorLog().stream()
                            .anyMatch(line -> line.contains("upstream_resolve_failed")
                                    && line.contains(trouble.failure().text())));
            names.script(DnsServer.says(at(HERE, 60)));
            io.pass(Duration.ofSeconds(20));
            Await.until("all is well again", () -> proxy.metrics().dns().answers() == 2);
            assertServed(proxy);
        }
    }

    @ThreatRow(value = "E-03", outcome = "where there never was an answer: 502, until there is one")
    @ParameterizedTest
    @MethodSource("troubles")
    void e_03_withoutAnyAnswerRequestsGet502UntilThereIsOne(Trouble trouble) {
        SteeredIo io = new SteeredIo();
        String timeout = trouble.failure() == DnsFailure.TIMED_OUT ? "500ms" : "30s";
        try (var origin = ScriptedOrigin.start();
                var names = DnsServer.start(trouble.script());
                var proxy = before(origin, names, timeout)
                        .upstream("dns: {timeout: 1500ms}")
                        .start(io)) {
            try (var client = proxy.connect()) {
                client.send(GET).expectStatus(502);
            }
            proxy.awaitEndedBy(Cause.DNS_FAILED, 1);
            assertEquals(List.of(), origin.requestLines());
            names.script(DnsServer.says(at(HERE, 60)));
            io.pass(Duration.ofSeconds(10));
            // Where the time that has passed is that of a short query too, the next one follows 5 s later.
            Await.until(
                    "there is an answer",
                    Duration.ofSeconds(20),
                    () -> proxy.metrics().dns().answers() == 1);
            Await.until("it is used", () -> isServed(proxy));
        }
    }

    // ---- more than is wanted

    /** The origin's address is the 64th of them, and then the 65th: requests go to each of those that are used, in turn. */
    @ThreatRow(
            value = "E-03",
            outcome = "a thousand addresses: TC leads to TCP, and 64 of them are used, in whatever order they come")
    @ParameterizedTest
    @CsvSource({"63, true", "64, true", "65, false"})
    @EnabledOnOs(OS.LINUX) // Nobody else takes all of 127/8 for this machine, where connects are refused at once.
    void e_03_ofAThousandAddressesSixtyFourAreUsed(int place, boolean isUsed) {
        try (var usual = ScriptedOrigin.start();
                var origin = ScriptedOrigin.startBeside(usual, numbered(place));
                var names =
                        DnsServer.answering(asked -> DnsMessage.answerTo(asked).truncated())) {
            names.tcpScript(asked -> DnsMessage.framed(thousand(asked).bytes()));
            try (var proxy = before(origin, names)
                    .upstream("retry: {attempts: 1}")
                    .upstream("ejection: {failures: 0}, balance: round-robin")
                    .start()) {
                assertEquals(2, proxy.metrics().dns().queriesOverTcp());
                boolean isServed = false;
                for (int i = 0; i < 64; i++) {
                    isServed |= isServed(proxy);
                }
                assertEquals(isUsed, isServed);
            }
        }
    }

    /** The last one first. */
    private static DnsMessage thousand(DnsAsked asked) {
        DnsMessage message = DnsMessage.answerTo(asked);
        for (int i = 1000; i > 0 && asked.type() == DnsMessage.A; i--) {
            message.a(NAME, 60, numbered(i));
        }
        return message;
    }

    private static String numbered(int place) {
        return "127.1." + (place >> 8) + "." + (place & 255);
    }

    // ---- forgers

    @ThreatRow(
            value = "E-03",
            outcome =
                    "forged answers before the real one, from the server's address with other numbers or from other ports:"
                            + " ignored, and counted where they reach the socket")
    @Test
    void e_03_forgedAnswersAreIgnored() {
        Script forging = (asked, reply) -> {
            for (int i = 1; i <= 5; i++) {
                reply.send(DnsMessage.answer(asked.id() ^ i, NAME, asked.type())
                        .a(NAME, 60, ELSEWHERE)
                        .bytes());
                reply.sendFromElsewhere(at(ELSEWHERE, 60).apply(asked).bytes());
            }
            reply.send(at(HERE, 60).apply(asked).bytes());
        };
        try (var origin = ScriptedOrigin.start();
                var names = DnsServer.start(forging);
                var proxy = before(origin, names).start()) {
            assertServed(proxy);
            assertEquals(10, proxy.metrics().dns().foreign());
            assertEquals(1, proxy.metrics().dns().answers());
        }
    }

    /** Twenty names of both families, one question at a time, so that ports are free again. */
    @ThreatRow(value = "E-03", outcome = "each query has a port and a number of its own")
    @Test
    void e_03_eachQueryHasAPortAndANumberOfItsOwn() {
        try (var names = DnsServer.answering(asked -> DnsMessage.answerTo(asked).soa("example", 300, 300))) {
            String[] endpoints = IntStream.range(0, 20)
                    .mapToObj(i -> "n" + i + ".example:8080")
                    .toArray(String[]::new);
            try (var proxy = ProxySetup.before(endpoints)
                    .top("dns: {servers: [\"" + names.address() + "\"], hosts: off, queries: 1}")
                    .start()) {
                Await.until("all are asked for", () -> failures(proxy) == endpoints.length);
                int queries = names.asked().size();
                assertEquals(2 * endpoints.length, queries);
                // Chance may give one twice, and hardly two.
                int numbers = Set.copyOf(
                                names.asked().stream().map(DnsAsked::id).toList())
                        .size();
                assertTrue(numbers >= queries - 2, () -> numbers + " of " + queries);
                int ports = Set.copyOf(names.askers()).size();
                assertTrue(ports >= queries - 2, () -> ports + " of " + queries);
            }
        }
    }
}
