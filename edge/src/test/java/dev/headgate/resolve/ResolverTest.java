package dev.headgate.resolve;

import static dev.headgate.resolve.NameWorld.FIRST;
import static dev.headgate.resolve.NameWorld.OPTIONS;
import static dev.headgate.resolve.NameWorld.SECOND;
import static dev.headgate.resolve.NameWorld.SECOND_SERVER;
import static dev.headgate.resolve.NameWorld.addresses;
import static dev.headgate.resolve.NameWorld.code;
import static dev.headgate.resolve.NameWorld.say;
import static dev.headgate.resolve.NameWorld.silence;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.NameWorld.Script;
import dev.headgate.testkit.dns.DnsAsked;
import dev.headgate.testkit.dns.DnsMessage;
import dev.headgate.testkit.sim.FaultPlan;
import dev.headgate.testkit.sim.SimChance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client in a simulated world: time passes when the test says so, and servers say what it tells them. */
class ResolverTest {
    private static final String NAME = "app.example";
    private static final String TWO_SERVERS = "nameserver 10.0.0.53\nnameserver 10.0.0.54\n";

    private static NameWorld two(Script first, Script second) {
        return NameWorld.of(TWO_SERVERS).server(FIRST, first).server(SECOND_SERVER, second);
    }

    // ---- answers

    @Test
    void asksForBothFamiliesAndPutsIpv4First() {
        NameWorld world = NameWorld.withServer(asked -> say(
                asked.type() == DnsMessage.A
                        ? DnsMessage.answerTo(asked).a(NAME, 60, "192.0.2.1", "192.0.2.2")
                        : DnsMessage.answerTo(asked).aaaa(NAME, 50, "2001:db8::1")));
        assertEquals("192.0.2.1 192.0.2.2 2001:db8:0:0:0:0:0:1 for 50 s", world.lookUp(NAME));
        assertEquals(List.of("53 A app.example", "53 AAAA app.example"), world.asked);
        assertEquals(2, world.counts().queries());
        assertEquals(1, world.counts().answers());
        world.assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 2", "299, 299", "300, 300", "301, 300", "2147483647, 300"})
    void answersHoldWithinBounds(long told, long held) {
        assertEquals(
                "192.0.2.1 for " + held + " s",
                NameWorld.withServer(addresses(told, "192.0.2.1")).lookUp(NAME));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 2", "29, 29", "30, 30", "31, 30", "86400, 30"})
    void absenceHoldsAsItsZoneSaysWithinBounds(long minimum, long held) {
        NameWorld world = NameWorld.withServer(asked ->
                say(DnsMessage.answerTo(asked).code(DnsMessage.NO_SUCH_NAME).soa("example", 86_400, minimum)));
        assertEquals("NO_SUCH_NAME again in " + held + " s", world.lookUp(NAME));
        assertEquals(1, world.failures(DnsFailure.NO_SUCH_NAME));
        world.assertNothingIsLeft();
    }

    @Test
    void absenceThatNobodySpeaksForIsAskedForAgainSoon() {
        assertEquals(
                "NO_SUCH_NAME again in 5 s",
                NameWorld.withServer(code(DnsMessage.NO_SUCH_NAME)).lookUp(NAME));
        assertEquals(
                "NO_DATA again in 5 s",
                NameWorld.withServer(asked -> say(DnsMessage.answerTo(asked))).lookUp(NAME));
    }

    /** And not what is no absence: that servers cannot say now. */
    @Test
    void shortBoundOfAbsenceHoldsWhereNobodySpeaksForItToo() {
        var options = new ResolverOptions(0, 0, SECOND, 300 * SECOND, 2 * SECOND, 64, 64, 1024);
        var world = new NameWorld("nameserver 10.0.0.53", options, FaultPlan.NONE);
        world.server(FIRST, code(DnsMessage.NO_SUCH_NAME));
        assertEquals("NO_SUCH_NAME again in 2 s", world.lookUp(NAME));
        world.server(FIRST, code(DnsMessage.SERVER_FAILURE));
        assertEquals("SERVER_FAILURE again in 5 s", world.lookUp(NAME));
    }

    @Test
    void takesAnswersByNumbersThatNobodyCouldForesee() {
        Set<Integer> numbers = new HashSet<>();
        NameWorld world = NameWorld.withServer(asked -> {
            numbers.add(asked.id());
            return addresses(1, "192.0.2.1").answers(asked);
        });
        for (int i = 0; i < 100; i++) {
            world.lookUp(NAME);
        }
        assertTrue(numbers.size() > 195, "different numbers: " + numbers.size());
    }

    // ---- what needs no server

    @Test
    void hostsFileComesFirstInAnyCase() {
        var world = new NameWorld(
                7,
                "nameserver 10.0.0.53",
                "192.0.2.7 App.example alias # me\n2001:db8::7 app.EXAMPLE",
                OPTIONS,
                FaultPlan.NONE);
        assertEquals("192.0.2.7 2001:db8:0:0:0:0:0:7 for 10 s", world.lookUp("APP.example"));
        assertEquals("192.0.2.7 2001:db8:0:0:0:0:0:7 for 10 s", world.lookUp("app.example."));
        assertEquals("192.0.2.7 for 10 s", world.lookUp("alias"));
        assertEquals(List.of(), world.asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost.", "LOCALHOST", "a.localhost", "a.b.localhost."})
    void localhostMeansThisMachineAndNobodyIsAsked(String name) {
        NameWorld world = NameWorld.withServer(addresses(60, "192.0.2.66"));
        assertEquals("127.0.0.1 0:0:0:0:0:0:0:1 for 10 s", world.lookUp(name));
        assertEquals(List.of(), world.asked);
    }

    @Test
    void localhostHasTheAddressesOfTheFileIfTheyAreThisMachines() {
        var world = new NameWorld(7, "", "127.0.0.1 localhost\n192.0.2.66 a.localhost", OPTIONS, FaultPlan.NONE);
        assertEquals("127.0.0.1 for 10 s", world.lookUp("localhost"));
        assertEquals("127.0.0.1 0:0:0:0:0:0:0:1 for 10 s", world.lookUp("a.localhost"));
    }

    @Test
    void textThatIsNoNameIsNotAskedFor() {
        NameWorld world = NameWorld.withServer(addresses(60, "192.0.2.1"));
        assertEquals("NOT_A_NAME again in 5 s", world.lookUp("a".repeat(64) + ".example"));
        assertEquals(List.of(), world.asked);
    }

    // ---- search

    private static Script only(String name) {
        return asked -> asked.name().equals(name)
                ? addresses(60, "192.0.2.1").answers(asked)
                : code(DnsMessage.NO_SUCH_NAME).answers(asked);
    }

    private static List<String> namesAsked(NameWorld world) {
        return world.asked.stream()
                .filter(line -> line.startsWith("53 A "))
                .map(line -> line.substring(5))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    db       | db.a.example     | db.a.example
                    db       | db.b.example     | db.a.example db.b.example
                    db       | db               | db.a.example db.b.example db
                    db.x     | db.x             | db.x
                    db.x     | db.x.b.example   | db.x db.x.a.example db.x.b.example
                    db.x.    | db.x             | db.x
                    db.x.    | none             | db.x
                    db.      | none             | db
                    """)
    void namesAreLookedForWhereTheFileSays(String name, String there, String order) {
        NameWorld world = NameWorld.of("search a.example b.example", "nameserver 10.0.0.53")
                .server(FIRST, only(there));
        boolean isFound = List.of(order.split(" ")).getLast().equals(there);
        assertEquals(isFound ? "192.0.2.1 for 60 s" : "NO_SUCH_NAME again in 5 s", world.lookUp(name));
        assertEquals(List.of(order.split(" ")), namesAsked(world));
        world.assertNothingIsLeft();
    }

    @Test
    void dotsSayWhichNamesAreFirstTakenAsTheyAre() {
        NameWorld world = NameWorld.of("search a.example", "options ndots:2", "nameserver 10.0.0.53")
                .server(FIRST, only("db.x.y"));
        world.lookUp("db.x");
        world.lookUp("db.x.y");
        assertEquals(List.of("db.x.a.example", "db.x", "db.x.y"), namesAsked(world));
    }

    /** A name further on would not be what is meant. */
    @Test
    void searchEndsWhereNobodyKnowsWhetherTheNameIsThere() {
        NameWorld world = NameWorld.of("search a.example b.example", "nameserver 10.0.0.53")
                .server(FIRST, code(DnsMessage.SERVER_FAILURE));
        assertEquals("SERVER_FAILURE again in 5 s", world.lookUp("db"));
        assertEquals(List.of("db.a.example"), namesAsked(world));
    }

    /** As in a cluster whose nodes are in a domain that nobody serves from within. */
    @ParameterizedTest
    @CsvSource({
        "api.example.com, 192.0.2.1 for 60 s, true",
        "none.example.com, SERVER_FAILURE again in 5 s, true",
        "api, SERVER_FAILURE again in 5 s, false"
    })
    void nameWithADotIsAskedForAsItStandsThoughAPlaceOfTheSearchFails(
            String name, String expected, boolean isAskedAsItStands) {
        NameWorld world = NameWorld.of(
                        "search ns.cluster.local corp.example b.example", "options ndots:5", "nameserver 10.0.0.53")
                .server(
                        FIRST,
                        asked -> (asked.name().endsWith("corp.example")
                                        ? code(DnsMessage.SERVER_FAILURE)
                                        : only("api.example.com"))
                                .answers(asked));
        assertEquals(expected, world.lookUp(name));
        List<String> asked = new ArrayList<>(List.of(name + ".ns.cluster.local", name + ".corp.example"));
        if (isAskedAsItStands) {
            asked.add(name);
        }
        assertEquals(asked, namesAsked(world));
        world.assertNothingIsLeft();
    }

    @Test
    void serviceIsAskedForAsItStandsThoughAPlaceOfTheSearchFails() {
        NameWorld world = NameWorld.of("search corp.example", "options ndots:5", "nameserver 10.0.0.53")
                .server(
                        FIRST,
                        asked -> (asked.name().endsWith("corp.example")
                                        ? code(DnsMessage.SERVER_FAILURE)
                                        : service(addresses(60, "192.0.2.1"), "a.example"))
                                .answers(asked));
        assertEquals("a.example:8000 0/0 [192.0.2.1] for 60 s", world.lookUpService("_http._tcp.app"));
    }

    @Test
    void nameWithoutAddressesIsToldFromNone() {
        NameWorld world = NameWorld.of("search a.example", "nameserver 10.0.0.53")
                .server(
                        FIRST,
                        asked -> asked.name().equals("db")
                                ? code(DnsMessage.NO_SUCH_NAME).answers(asked)
                                : say(DnsMessage.answerTo(asked)));
        assertEquals("NO_DATA again in 5 s", world.lookUp("db"));
    }

    // ---- servers that do not answer

    @Test
    void silentServerIsAskedTwiceForTwoSecondsEach() {
        NameWorld world = NameWorld.withServer(silence());
        double seconds = world.seconds(() -> assertEquals("TIMED_OUT again in 5 s", world.lookUp(NAME)));
        assertEquals(4.0, seconds);
        assertEquals(4, world.asked.size());
        assertEquals(4, world.counts().timeouts());
        assertEquals(1, world.failures(DnsFailure.TIMED_OUT));
        world.assertNothingIsLeft();
    }

    @Test
    void fileAndConfigurationSayHowLongAndHowOften() {
        NameWorld byFile = NameWorld.of("options timeout:3 attempts:3", "nameserver 10.0.0.53")
                .server(FIRST, silence());
        assertEquals(9.0, byFile.seconds(() -> byFile.lookUp(NAME)));
        var options = new ResolverOptions(SECOND / 2, 1, SECOND, 300 * SECOND, 30 * SECOND, 64, 64, 1024);
        var configured = new NameWorld("options timeout:3 attempts:3\nnameserver 10.0.0.53", options, FaultPlan.NONE);
        configured.server(FIRST, silence());
        assertEquals(0.5, configured.seconds(() -> configured.lookUp(NAME)));
    }

    @Test
    void nextServerIsAskedWhenOneIsSilentAndThatOneIsLastForAWhile() {
        NameWorld world = two(silence(), addresses(60, "192.0.2.1"));
        assertEquals(2.0, world.seconds(() -> assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME))));
        world.asked.clear();
        assertEquals(0.0, world.seconds(() -> world.lookUp(NAME)));
        assertEquals(List.of("54 A app.example", "54 AAAA app.example"), world.asked);
        world.asked.clear();
        world.simulator.run(() -> false, ServerList.SILENT_NS);
        world.lookUp(NAME);
        assertEquals("53 A app.example", world.asked.getFirst());
        world.assertNothingIsLeft();
    }

    @Test
    void rotatedServersHaveTheirTurns() {
        NameWorld world = NameWorld.of(TWO_SERVERS, "options rotate")
                .server(FIRST, addresses(60, "192.0.2.1"))
                .server(SECOND_SERVER, addresses(60, "192.0.2.1"));
        for (String server : List.of("53", "54", "53")) {
            world.asked.clear();
            world.lookUp(NAME);
            assertEquals(2, world.asked.size());
            assertEquals(Set.of(server + " A app.example", server + " AAAA app.example"), Set.copyOf(world.asked));
        }
    }

    @Test
    void nobodyListeningIsKnownAtOnce() {
        NameWorld world = NameWorld.of(TWO_SERVERS).server(SECOND_SERVER, addresses(60, "192.0.2.1"));
        assertEquals(0.0, world.seconds(() -> assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME))));
        NameWorld nobody = NameWorld.of("nameserver 10.0.0.53");
        assertEquals(0.0, nobody.seconds(() -> assertEquals("UNREACHABLE again in 5 s", nobody.lookUp(NAME))));
        nobody.assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"2, SERVER_FAILURE", "5, REFUSED", "9, SERVER_FAILURE"})
    void serverThatCannotSayIsFollowedByTheNextAtOnceAndNotAskedAgain(int code, String kind) {
        NameWorld world = two(code(code), addresses(60, "192.0.2.1"));
        assertEquals(0.0, world.seconds(() -> assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME))));
        NameWorld both = two(code(code), code(code));
        assertEquals(kind + " again in 5 s", both.lookUp(NAME));
        assertEquals(4, both.asked.size());
        both.assertNothingIsLeft();
    }

    /** As unbound says it to those whom it does not serve. */
    @Test
    void refusalWithoutTheQuestionIsOne() {
        NameWorld world = two(asked -> say(DnsMessage.bare(asked.id()).code(5)), addresses(60, "192.0.2.1"));
        assertEquals(0.0, world.seconds(() -> assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME))));
    }

    @Test
    void secondRoundAsksThoseWhoWereSilentOnly() {
        NameWorld world = two(silence(), code(DnsMessage.SERVER_FAILURE));
        assertEquals("TIMED_OUT again in 5 s", world.lookUp(NAME));
        assertEquals(
                List.of("53 A app.example", "54 A app.example", "53 A app.example"),
                world.asked.stream().filter(line -> line.contains(" A ")).toList());
    }

    @Test
    void answerThatBreaksARuleCountsAsNone() {
        Script loop = asked ->
                say(DnsMessage.answerTo(asked).cname(NAME, 60, "b.example").cname("b.example", 60, NAME));
        assertEquals("192.0.2.1 for 60 s", two(loop, addresses(60, "192.0.2.1")).lookUp(NAME));
        NameWorld alone = NameWorld.withServer(loop);
        assertEquals("MALFORMED again in 5 s", alone.lookUp(NAME));
        assertEquals(1, alone.failures(DnsFailure.MALFORMED));
    }

    @Test
    void serverThatKnowsNoExtensionIsAskedWithoutIt() {
        NameWorld world = NameWorld.withServer(asked -> asked.hasOptions()
                ? say(DnsMessage.bare(asked.id()).code(1))
                : addresses(60, "192.0.2.1").answers(asked));
        assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME));
        assertEquals(
                List.of("53 A app.example", "53 A app.example plain"),
                world.asked.stream().filter(line -> line.contains(" A ")).toList());
        assertEquals(
                "SERVER_FAILURE again in 5 s", NameWorld.withServer(code(1)).lookUp(NAME));
    }

    // ---- one family

    private static final Script INET4 = addresses(60, "192.0.2.1");
    private static final Script INET6 = asked -> say(DnsMessage.answerTo(asked).aaaa(asked.name(), 60, "2001:db8::1"));

    private static Script of(Script inet4, Script inet6) {
        return asked -> (asked.type() == DnsMessage.A ? inet4 : inet6).answers(asked);
    }

    /** By default IPv4 is enough, and what else is wanted is asked for until nobody is left who could answer. */
    @ParameterizedTest
    @CsvSource({
        "AUTO, 192.0.2.1 for 5 s without IPV6, 0.5",
        "IPV4, 192.0.2.1 for 60 s, 0.0",
        "IPV6, TIMED_OUT again in 5 s, 4.0",
        "BOTH, 192.0.2.1 for 5 s without IPV6, 4.0"
    })
    void familyThatNobodyAnswersForIsNotWaitedForLongWhereTheOtherIsEnough(
            Family wanted, String expected, double seconds) {
        NameWorld world = NameWorld.withServer(of(INET4, silence()));
        assertEquals(seconds, world.seconds(() -> assertEquals(expected, world.lookUp(NAME, wanted))));
        world.assertNothingIsLeft();
    }

    /** Else the endpoints would be those of IPv6 for one turn. */
    @Test
    void inet4IsAskedForOnThoughInet6HasAnsweredFirst() {
        NameWorld world = NameWorld.of(TWO_SERVERS);
        world.server(FIRST, of(silence(), INET6)).server(SECOND_SERVER, of(INET4, INET6));
        assertEquals(
                2.0,
                world.seconds(() ->
                        assertEquals("192.0.2.1 2001:db8:0:0:0:0:0:1 for 60 s", world.lookUp(NAME, Family.AUTO))));
    }

    @ParameterizedTest
    @CsvSource({"IPV6, 2001:db8:0:0:0:0:0:1 for 60 s", "BOTH, 192.0.2.1 2001:db8:0:0:0:0:0:1 for 60 s"})
    void lostQueryOfAFamilyThatIsWantedGoesToTheNextServer(Family wanted, String expected) {
        NameWorld world = NameWorld.of(TWO_SERVERS);
        world.server(FIRST, of(INET4, silence())).server(SECOND_SERVER, of(INET4, INET6));
        assertEquals(expected, world.lookUp(NAME, wanted));
        assertTrue(world.asked.contains("54 AAAA app.example"), "" + world.asked);
    }

    @ParameterizedTest
    @CsvSource({"IPV4, 53 A app.example, 192.0.2.1", "IPV6, 53 AAAA app.example, 2001:db8:0:0:0:0:0:1"})
    void familyThatIsNotWantedIsNotAskedFor(Family wanted, String asked, String found) {
        NameWorld world = NameWorld.withServer(of(INET4, INET6));
        assertEquals(found + " for 60 s", world.lookUp(NAME, wanted));
        assertEquals(List.of(asked), world.asked);
        world.assertNothingIsLeft();
    }

    @Test
    void lookUpsOfDifferentFamiliesAreDifferentOnes() {
        NameWorld world = NameWorld.withServer(of(INET4, INET6));
        List<String> results = new ArrayList<>();
        world.lookUp(NAME, Family.IPV4, results);
        world.lookUp(NAME, Family.IPV6, results);
        world.simulator.run(() -> results.size() == 2, SECOND);
        assertEquals(Set.of("192.0.2.1 for 60 s", "2001:db8:0:0:0:0:0:1 for 60 s"), Set.copyOf(results));
    }

    @ParameterizedTest
    @CsvSource({
        "IPV4, localhost, 127.0.0.1 for 10 s",
        "IPV6, localhost, 0:0:0:0:0:0:0:1 for 10 s",
        "IPV4, app.example, 192.0.2.7 for 10 s",
        "IPV6, app.example, NO_DATA again in 10 s"
    })
    void whatIsKnownHereIsAllThatThereIsOfEitherFamily(Family wanted, String name, String expected) {
        var world = new NameWorld(7, "nameserver 10.0.0.53", "192.0.2.7 app.example", OPTIONS, FaultPlan.NONE);
        world.server(FIRST, of(INET4, INET6));
        assertEquals(expected, world.lookUp(name, wanted));
        assertEquals(List.of(), world.asked);
    }

    @Test
    void addressesOfPlacesAreOfTheFamilyThatIsWanted() {
        NameWorld world = NameWorld.withServer(service(of(INET4, INET6), "a.example"));
        assertEquals(
                "a.example:8000 0/0 [2001:db8:0:0:0:0:0:1] for 60 s",
                world.lookUpService("_http._tcp.app.example", Family.IPV6));
        assertEquals(List.of("53 SRV _http._tcp.app.example", "53 AAAA a.example"), world.asked);
    }

    @Test
    void familyThatFailsIsMissing() {
        NameWorld world = NameWorld.withServer(asked -> asked.type() == DnsMessage.A
                ? code(DnsMessage.SERVER_FAILURE).answers(asked)
                : say(DnsMessage.answerTo(asked).aaaa(NAME, 60, "2001:db8::1")));
        assertEquals("2001:db8:0:0:0:0:0:1 for 5 s without IPV4", world.lookUp(NAME));
    }

    @Test
    void familyThatFailsBesideOneThatIsNotThereIsAFailure() {
        NameWorld world = NameWorld.withServer(asked -> asked.type() == DnsMessage.A
                ? code(DnsMessage.SERVER_FAILURE).answers(asked)
                : say(DnsMessage.answerTo(asked)));
        assertEquals("SERVER_FAILURE again in 5 s", world.lookUp(NAME));
    }

    /** Answers for IPv4 and IPv6, each when it is due. */
    private static NameWorld timed(NameWorld world, Script inet4, long inet4Ns, Script inet6, long inet6Ns) {
        world.io.datagramHost(FIRST, (content, answer) -> {
            DnsAsked asked = DnsAsked.read(content);
            boolean isInet4 = asked.type() == DnsMessage.A;
            for (byte[] each : (isInet4 ? inet4 : inet6).answers(asked)) {
                world.simulator.after(isInet4 ? inet4Ns : inet6Ns, () -> answer.accept(each));
            }
        });
        return world;
    }

    /** Some servers say so where there is no address of one family alone (RFC 4074 §4.2), and it may overtake the other answer. */
    @ParameterizedTest
    @CsvSource({"0, 5, 192.0.2.1 for 60 s", "400, 0, 192.0.2.1 for 60 s", "600, 0, NO_SUCH_NAME again in 5 s"})
    void absenceByOneFamilyWaitsForTheOtherForAWhile(long inet4Ms, long inet6Ms, String expected) {
        NameWorld world = timed(
                NameWorld.of("nameserver 10.0.0.53"),
                addresses(60, "192.0.2.1"),
                inet4Ms * NameWorld.MS,
                code(DnsMessage.NO_SUCH_NAME),
                inet6Ms * NameWorld.MS);
        assertEquals(expected, world.lookUp(NAME));
        world.assertNothingIsLeft();
    }

    @Test
    void absenceByOneFamilyDoesNotLeadToAnotherHost() {
        NameWorld world = NameWorld.of("search a.example b.example", "nameserver 10.0.0.53");
        Script inet4 = asked -> addresses(60, asked.name().equals("db.a.example") ? "192.0.2.1" : "192.0.2.66")
                .answers(asked);
        timed(world, inet4, 5 * NameWorld.MS, code(DnsMessage.NO_SUCH_NAME), 0);
        assertEquals("192.0.2.1 for 60 s", world.lookUp("db"));
    }

    // ---- forgeries

    private static byte[] forged(DnsAsked asked) {
        return DnsMessage.answer(asked.id() ^ 1, asked.name(), asked.type())
                .a(asked.name(), 60, "192.0.2.66")
                .bytes();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "7, false", "8, true", "9, true"})
    void answersToOtherQuestionsAreIgnoredAndManyOfThemLeadToTcp(int forgeries, boolean isOverTcp) {
        NameWorld world = NameWorld.of("nameserver 10.0.0.53");
        world.io.datagramHost(FIRST, (content, answer) -> {
            DnsAsked asked = DnsAsked.read(content);
            for (int i = 0; i < forgeries; i++) {
                answer.accept(forged(asked));
            }
            byte[] real = addresses(60, "192.0.2.1").answers(asked).getFirst();
            world.simulator.after(5 * NameWorld.MS, () -> answer.accept(real));
        });
        world.tcpServer(
                FIRST,
                asked -> DnsMessage.framed(
                        addresses(60, "192.0.2.1").answers(asked).getFirst()));
        assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME));
        assertEquals(isOverTcp ? 2 : 0, world.counts().queriesOverTcp());
        assertEquals(
                2 * Math.min(forgeries, Question.STRANGERS_MAX), world.counts().foreign());
        world.assertNothingIsLeft();
    }

    // ---- TCP

    private static NameWorld truncating() {
        return NameWorld.withServer(asked -> say(DnsMessage.answerTo(asked).truncated()));
    }

    private static byte[] thousand(DnsAsked asked) {
        DnsMessage message = DnsMessage.answerTo(asked);
        for (int i = 0; i < 1000 && asked.type() == DnsMessage.A; i++) {
            message.a(asked.name(), 60, "10.0." + (i >> 8) + "." + (i & 255));
        }
        return DnsMessage.framed(message.bytes());
    }

    @Test
    void whatIsTruncatedIsAskedForOverTcp() {
        NameWorld world = truncating().tcpServer(FIRST, ResolverTest::thousand);
        String answer = world.lookUp(NAME);
        assertTrue(answer.startsWith("10.0.0.0 10.0.0.1 ") && answer.endsWith(" 10.0.3.231 for 60 s"), answer);
        assertEquals(1000, answer.split(" for ")[0].split(" ").length);
        assertEquals(4, world.counts().queries());
        assertEquals(2, world.counts().queriesOverTcp());
        world.assertNothingIsLeft();
    }

    @Test
    void connectionThatEndsWithinAnAnswerCountsAsSilence() {
        NameWorld world = truncating().tcpServer(FIRST, asked -> new byte[0]);
        assertEquals("UNREACHABLE again in 5 s", world.lookUp(NAME));
        world.assertNothingIsLeft();
    }

    @Test
    void connectionOnWhichNothingMoreComesTimesOut() {
        NameWorld world = truncating().tcpServer(FIRST, asked -> Arrays.copyOf(thousand(asked), 20));
        assertEquals("TIMED_OUT again in 5 s", world.lookUp(NAME));
        world.assertNothingIsLeft();
    }

    @Test
    void nobodyOnTcpIsKnownAtOnce() {
        NameWorld world = truncating();
        assertEquals("UNREACHABLE again in 5 s", world.lookUp(NAME));
        world.assertNothingIsLeft();
    }

    @Test
    void truncatedOverTcpIsNonsense() {
        NameWorld world = truncating()
                .tcpServer(
                        FIRST,
                        asked -> DnsMessage.framed(
                                DnsMessage.answerTo(asked).truncated().bytes()));
        assertEquals("MALFORMED again in 5 s", world.lookUp(NAME));
    }

    @Test
    void foreignOverTcpIsNonsense() {
        NameWorld world = truncating().tcpServer(FIRST, asked -> DnsMessage.framed(forged(asked)));
        assertEquals("MALFORMED again in 5 s", world.lookUp(NAME));
    }

    @Test
    void fileMayWantTcpFromTheBeginning() {
        NameWorld world = NameWorld.of("nameserver 10.0.0.53", "options use-vc")
                .tcpServer(
                        FIRST,
                        asked -> DnsMessage.framed(
                                addresses(60, "192.0.2.1").answers(asked).getFirst()));
        assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME));
        assertEquals(List.of("53 A app.example over TCP", "53 AAAA app.example over TCP"), world.asked);
    }

    @Test
    void serverThatKnowsNoExtensionIsAskedWithoutItOverTcpToo() {
        NameWorld world = NameWorld.of("nameserver 10.0.0.53", "options use-vc")
                .tcpServer(
                        FIRST,
                        asked -> DnsMessage.framed((asked.hasOptions()
                                        ? say(DnsMessage.bare(asked.id()).code(1))
                                        : addresses(60, "192.0.2.1").answers(asked))
                                .getFirst()));
        assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME));
        world.assertNothingIsLeft();
    }

    // ---- bounds

    @Test
    void whatIsBeingLookedUpIsNotAskedForAgain() {
        NameWorld world = NameWorld.withServer(addresses(60, "192.0.2.1"));
        List<String> results = new ArrayList<>();
        for (String name : List.of(NAME, "APP.example", NAME)) {
            world.lookUp(name, results);
        }
        world.simulator.run(() -> results.size() == 3, SECOND);
        assertEquals(3, results.size());
        assertEquals(2, world.asked.size());
        world.lookUp(NAME);
        assertEquals(4, world.asked.size(), "nothing is kept");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64})
    void soManyQuestionsAreUnderWayAndTheOthersWait(int most) {
        var options = new ResolverOptions(0, 0, SECOND, 300 * SECOND, 30 * SECOND, 64, most, 1024);
        var world = new NameWorld("nameserver 10.0.0.53", options, FaultPlan.NONE);
        int[] open = {world.io.openDescriptors(), 0};
        world.server(FIRST, asked -> {
            open[1] = Math.max(open[1], world.io.openDescriptors() - open[0]);
            return addresses(60, "192.0.2.1").answers(asked);
        });
        List<String> results = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            world.lookUp("n" + i + ".example", results);
        }
        world.simulator.run(() -> results.size() == 40, 10 * SECOND);
        assertEquals(40, results.size());
        // Closed ones are open for the system until the next poll.
        assertTrue(open[1] <= 2 * most, "open at a time: " + open[1]);
        world.assertNothingIsLeft();
    }

    @Test
    void withoutDescriptorsItIsAsIfQueriesGotLost() {
        var world = new NameWorld("nameserver 10.0.0.53", OPTIONS, FaultPlan.NONE.withDescriptorsMax(1));
        world.server(FIRST, addresses(60, "192.0.2.1"));
        assertEquals("TIMED_OUT again in 5 s", world.lookUp(NAME));
        world.assertNothingIsLeft();
    }

    /** One socket at a time: the other question waits as long as an answer may take, and goes to the next server. */
    @Test
    void wantOfDescriptorsIsNotAServersSilence() {
        var world = new NameWorld(TWO_SERVERS, OPTIONS, FaultPlan.NONE.withDescriptorsMax(2));
        world.server(FIRST, of(INET4, INET6)).server(SECOND_SERVER, of(INET4, INET6));
        assertEquals("192.0.2.1 2001:db8:0:0:0:0:0:1 for 60 s", world.lookUp(NAME, Family.BOTH));
        assertEquals(List.of("53 A app.example", "54 AAAA app.example"), world.asked);
        assertEquals(2, world.counts().queries());
        assertEquals(0, world.counts().timeouts());
        world.asked.clear();
        world.lookUp(NAME, Family.IPV4);
        assertEquals(List.of("53 A app.example"), world.asked);
        world.assertNothingIsLeft();
    }

    @Test
    void changedSettingsHoldFromTheNextQuestionOn() {
        NameWorld world = two(addresses(60, "192.0.2.1"), addresses(60, "192.0.2.2"));
        assertEquals("192.0.2.1 for 60 s", world.lookUp(NAME));
        world.onLoop(names -> names.use(new NameSettings(
                ResolvConf.parse("nameserver 10.0.0.54"), HostsFile.parse("192.0.2.9 other.example"))));
        assertEquals("192.0.2.2 for 60 s", world.lookUp(NAME));
        assertEquals("192.0.2.9 for 10 s", world.lookUp("other.example"));
    }

    @Test
    void nothingIsLeftOfWhatWasUnderWayAtTheEnd() {
        var options = new ResolverOptions(0, 0, SECOND, 300 * SECOND, 30 * SECOND, 64, 2, 1024);
        var world = new NameWorld("nameserver 10.0.0.53", options, FaultPlan.NONE);
        world.server(FIRST, silence());
        List<String> results = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            world.lookUp("n" + i + ".example", results);
        }
        world.simulator.run(() -> false, SECOND);
        world.onLoop(Resolver::close);
        world.simulator.run(() -> false, 20 * SECOND);
        assertEquals(List.of(), results);
        world.assertNothingIsLeft();
    }

    // ---- services

    private static Script services(DnsAsked asked, String... targets) {
        DnsMessage message = DnsMessage.answerTo(asked);
        for (int i = 0; i < targets.length; i++) {
            message.srv(asked.name(), 60, i, 10 * i, 8000 + i, targets[i]);
        }
        return _ -> say(message);
    }

    private static Script service(Script hosts, String... targets) {
        return asked -> (asked.type() == DnsMessage.SRV ? services(asked, targets) : hosts).answers(asked);
    }

    @Test
    void placesOfAServiceComeWithTheirAddresses() {
        NameWorld world =
                NameWorld.withServer(service(addresses(50, "192.0.2.1"), "A.example", "b.example", "a.example"));
        assertEquals(
                "a.example:8000 0/0 [192.0.2.1] b.example:8001 1/10 [192.0.2.1] a.example:8002 2/20 [192.0.2.1] for 50 s",
                world.lookUpService("_http._tcp.app.example"));
        assertEquals(5, world.asked.size());
        assertEquals("53 SRV _http._tcp.app.example", world.asked.getFirst());
        world.assertNothingIsLeft();
    }

    /** Of more places than are wanted those are looked up that are to be used first, in whatever order the answer has them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void soManyPlacesOfAServiceAreLookedUp(int most) {
        var options = new ResolverOptions(0, 0, SECOND, 300 * SECOND, 30 * SECOND, most, 64, 1024);
        var world = new NameWorld("nameserver 10.0.0.53", options, FaultPlan.NONE);
        int[] asks = {0};
        world.server(FIRST, asked -> {
            if (asked.type() != DnsMessage.SRV) {
                return addresses(60, "192.0.2.1").answers(asked);
            }
            List<Runnable> places = new ArrayList<>();
            DnsMessage message = DnsMessage.answerTo(asked);
            places.add(() -> message.srv(asked.name(), 60, 0, 5, 80, "c.example"));
            places.add(() -> message.srv(asked.name(), 60, 1, 9, 80, "b.example"));
            places.add(() -> message.srv(asked.name(), 60, 1, 1, 80, "a.example"));
            Collections.rotate(places, asks[0]++);
            places.forEach(Runnable::run);
            return say(message);
        });
        List<String> all =
                List.of("c.example:80 0/5 [192.0.2.1]", "b.example:80 1/9 [192.0.2.1]", "a.example:80 1/1 [192.0.2.1]");
        String expected = String.join(" ", all.subList(0, Math.min(most, 3))) + " for 60 s";
        for (int i = 0; i < 3; i++) {
            assertEquals(expected, world.lookUpService("_http._tcp.app.example"));
        }
    }

    /** The server adds an address that is not asked for, and it is not believed. */
    @Test
    void whatIsAddedToAnAnswerIsNotUsed() {
        NameWorld world = NameWorld.withServer(asked -> asked.type() == DnsMessage.SRV
                ? say(DnsMessage.answerTo(asked)
                        .srv(asked.name(), 60, 0, 0, 80, "a.example")
                        .record(2, "a.example", DnsMessage.A, 1, 60, new byte[] {6, 6, 6, 6}))
                : addresses(60, "192.0.2.1").answers(asked));
        assertEquals("a.example:80 0/0 [192.0.2.1] for 60 s", world.lookUpService("_http._tcp.app.example"));
    }

    @Test
    void placeWhoseAddressesCannotBeHadNowStaysAndOneThatIsNotThereGoes() {
        Script hosts = asked -> switch (asked.name()) {
            case "a.example" -> addresses(60, "192.0.2.1").answers(asked);
            case "b.example" -> code(DnsMessage.SERVER_FAILURE).answers(asked);
            default -> code(DnsMessage.NO_SUCH_NAME).answers(asked);
        };
        NameWorld world = NameWorld.withServer(service(hosts, "a.example", "b.example", "c.example"));
        assertEquals(
                "a.example:8000 0/0 [192.0.2.1] b.example:8001 1/10 [] for 5 s",
                world.lookUpService("_http._tcp.app.example"));
    }

    @Test
    void serviceOfWhichNoPlaceIsKnownHasFailed() {
        assertEquals(
                "SERVER_FAILURE again in 5 s",
                NameWorld.withServer(service(code(DnsMessage.SERVER_FAILURE), "a.example", "b.example"))
                        .lookUpService("_http._tcp.app.example"));
        assertEquals(
                "NO_SUCH_NAME again in 5 s",
                NameWorld.withServer(service(code(DnsMessage.NO_SUCH_NAME), "a.example"))
                        .lookUpService("_http._tcp.app.example"));
    }

    @Test
    void serviceAtTheRootIsNotOffered() {
        assertEquals(
                "NOT_OFFERED again in 30 s",
                NameWorld.withServer(service(silence(), "")).lookUpService("_http._tcp.app.example"));
    }

    @Test
    void servicesFailAsNamesDo() {
        assertEquals("TIMED_OUT again in 5 s", NameWorld.withServer(silence()).lookUpService("_http._tcp.app.example"));
        assertEquals(
                "NO_SUCH_NAME again in 5 s",
                NameWorld.withServer(code(DnsMessage.NO_SUCH_NAME)).lookUpService("_http._tcp.app.example"));
        assertEquals("NOT_A_NAME again in 5 s", NameWorld.withServer(silence()).lookUpService("a..b"));
    }

    // ---- a network that loses, doubles and delays

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyLookUpEndsOnceWhateverTheNetworkDoes(long seed) {
        FaultPlan faults = FaultPlan.draw(new SimChance(SimChance.mix(seed))).withDatagrams(3, 3);
        var world = new NameWorld(seed, TWO_SERVERS, "", OPTIONS, faults);
        world.server(FIRST, addresses(60, "192.0.2.1")).server(SECOND_SERVER, addresses(60, "192.0.2.1"));
        List<String> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String name = "n" + i + ".example";
            world.simulator.after(i * 50 * NameWorld.MS, () -> world.lookUp(name, results));
        }
        world.simulator.run(() -> false, 60 * SECOND);
        assertEquals(100, results.size());
        Set<String> kinds = new HashSet<>(results);
        kinds.removeAll(Set.of("192.0.2.1 for 60 s", "192.0.2.1 for 5 s without IPV6", "TIMED_OUT again in 5 s"));
        assertEquals(Set.of(), kinds);
        world.assertNothingIsLeft();
    }
}
