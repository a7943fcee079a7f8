package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Names, IPv4 addresses and ports against regular expressions. */
class HostSyntaxProperties {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*\\.?");
    private static final Pattern AUTHORITY = Pattern.compile("([^:]*)(?::([0-9]{0,5}))?");

    @Provide
    Arbitrary<String> authorities() {
        return Arbitraries.of(
                        "a",
                        "Z",
                        "www",
                        "-",
                        "_",
                        ".",
                        "..",
                        "0",
                        "00",
                        "1",
                        "9",
                        "10",
                        "127",
                        "255",
                        "256",
                        ":",
                        ":80",
                        "x.y",
                        "127.0.0.1",
                        "1.2.3.",
                        "@",
                        "/",
                        "`",
                        "{",
                        "\u00e9",
                        "abcdefgh",
                        "abcdefg.")
                .list()
                .ofMaxSize(9)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 10_000)
    void agreesWithTheGrammar(@ForAll("authorities") String authority, @ForAll @IntRange(max = 9) int offset) {
        assertParsed(authority, offset);
    }

    @Test
    void agreesOnEveryByteAtEveryPlace() {
        for (String authority : new String[] {"example.com:8080", "a.bc", "10.20.30.40", "xn--0123456789"}) {
            for (int place = 0; place < authority.length(); place++) {
                for (char c = 0; c < 256; c++) {
                    String changed = authority.substring(0, place) + c + authority.substring(place + 1);
                    if (changed.charAt(0) != '[') {
                        assertParsed(changed, 3);
                    }
                }
            }
        }
    }

    @Test
    void takesNamesAndLabelsUpToTheirLimits() {
        for (int length : new int[] {62, 63, 64}) {
            assertParsed("a".repeat(length), 0);
            assertParsed("a." + "b".repeat(length), 0);
            assertParsed("a".repeat(length - 2) + ".b:1", 0);
        }
        for (int length : new int[] {254, 255, 256}) {
            assertParsed("abc.".repeat(64).substring(0, length), 0);
        }
    }

    private static void assertParsed(String authority, int offset) {
        byte[] bytes = new byte[authority.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) authority.charAt(i);
        }
        ByteBuffer source = ByteBuffer.allocateDirect(offset + bytes.length).put(offset, bytes);
        long parsed = HostSyntax.parse(source, offset, bytes.length);
        assertEquals(expected(authority), describe(parsed), () -> Wire.script(bytes));
    }

    private static String describe(long parsed) {
        return parsed == HostSyntax.INVALID
                ? "invalid"
                : HostSyntax.hostLength(parsed) + " bytes, port " + HostSyntax.port(parsed);
    }

    private static String expected(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            return "invalid";
        }
        String host = parts.group(1);
        boolean numeric = host.matches("[0-9.]*");
        boolean isHost = numeric
                ? IPV4.matcher(host).matches()
                : host.length() <= 255 && NAME.matcher(host).matches();
        boolean hasPort = parts.group(2) != null && !parts.group(2).isEmpty();
        int port = hasPort ? Integer.parseInt(parts.group(2)) : -1;
        boolean isPort = !hasPort || !parts.group(2).startsWith("0") && port < 65_536;
        return isHost && isPort ? host.length() + " bytes, port " + port : "invalid";
    }
}
