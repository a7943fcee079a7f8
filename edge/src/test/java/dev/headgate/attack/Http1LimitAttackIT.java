package dev.headgate.attack;

import static dev.headgate.attack.Attack.accepted;
import static dev.headgate.attack.Attack.get;
import static dev.headgate.attack.Attack.refused;

import dev.headgate.testkit.ThreatRow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads at the default limits: one byte or line below, at and above each. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Http1LimitAttackIT {
    private static final int REQUEST_LINE_MAX = 8 * 1024;
    private static final int FIELD_LINE_MAX = 16 * 1024;
    private static final int SECTION_MAX = 32 * 1024;
    private static final int COUNT_MAX = 100;
    private static final int NAME_MAX = 256;

    @AutoClose
    private static final AttackRange RANGE = new AttackRange();

    @ThreatRow(value = "H1-34", outcome = "414 for the request line, 431 for the rest; nothing reaches the origin")
    @ParameterizedTest
    @MethodSource
    void h1_34_headSizes(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_34_headSizes() {
        var fits = Stream.of(-1, 0)
                .flatMap(over -> Stream.of(
                        accepted("request line " + over, requestLine(over), "GET " + target(over)),
                        accepted("field line " + over, get(fieldLine(over)), "GET /"),
                        accepted("field count " + over, fieldCount(over), "GET /")));
        var exceeds = Stream.of(
                refused("request line +1", requestLine(1), 414),
                refused("target 8,193 bytes", "GET /" + "a".repeat(8192) + " HTTP/1.1␍␊Host: a␍␊␍␊", 414),
                refused("endless request line", "GET /" + "a".repeat(1 << 20), 414),
                refused("field line +1", get(fieldLine(1)), 431),
                refused("endless field line", "GET / HTTP/1.1␍␊Host: a␍␊X: " + "a".repeat(1 << 20), 431),
                refused("field count +1", fieldCount(1), 431),
                refused("10,000 fields", get("X: a␍␊".repeat(10_000) + "X: a"), 431));
        return Stream.concat(fits, exceeds);
    }

    /** A request line that is {@code over} bytes longer than allowed. */
    private static String requestLine(int over) {
        return "GET " + target(over) + " HTTP/1.1␍␊Host: a␍␊␍␊";
    }

    private static String target(int over) {
        return "/" + "a".repeat(REQUEST_LINE_MAX + over - "GET / HTTP/1.1".length());
    }

    private static String fieldLine(int over) {
        return "X: " + "a".repeat(FIELD_LINE_MAX + over - 3);
    }

    /** A head with {@code over} fields more than allowed; Host is one of them. */
    private static String fieldCount(int over) {
        return "GET / HTTP/1.1␍␊Host: a␍␊" + "X: a␍␊".repeat(COUNT_MAX - 1 + over) + "␍␊";
    }

    @ThreatRow("H1-34")
    @ParameterizedTest
    @MethodSource
    void h1_34_sectionSize(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_34_sectionSize() {
        // Whether CRLFs and the empty line count is the decoder's affair: its own tests hold the exact edge.
        return Stream.of(
                accepted("well below", get(section(SECTION_MAX - 64)), "GET /"),
                refused("well above", get(section(SECTION_MAX + 64)), 431),
                refused("far above", get(section(8 * SECTION_MAX)), 431));
    }

    private static String section(int length) {
        int lines = 32;
        String line = "X: " + "a".repeat(length / lines - 5);
        return (line + "␍␊").repeat(lines - 1) + line;
    }

    @ThreatRow(
            value = "H1-35",
            advisory = "HAProxy CVE-2021-40346",
            outcome = "431, nothing reaches the origin; no length is cut to fewer bits")
    @ParameterizedTest
    @MethodSource
    void h1_35_nameLengths(Attack attack) {
        RANGE.run(attack);
    }

    static Stream<Attack> h1_35_nameLengths() {
        var fits = Stream.of(255, NAME_MAX).map(length -> accepted(length + " bytes", get(name(length)), "GET /"));
        var exceeds = Stream.of(NAME_MAX + 1, 270, 512, 4096, 16_000, 65_535, 65_536, 65_536 + 4)
                .map(length -> refused(length + " bytes", get(name(length)), 431));
        var repeated = Stream.of(
                refused("twice 257 bytes", get(name(NAME_MAX + 1), name(NAME_MAX + 1)), 431),
                accepted("twice 256 bytes", get(name(NAME_MAX), name(NAME_MAX)), "GET /"),
                // A length kept in one byte would read this name as "host".
                refused("256 bytes after host", get("host" + "t".repeat(NAME_MAX) + ": b"), 431),
                refused("two colons far apart", get(name(NAME_MAX + 1) + ":b"), 431));
        return Stream.of(fits, exceeds, repeated).flatMap(attacks -> attacks);
    }

    private static String name(int length) {
        return "n".repeat(length) + ": v";
    }
}
