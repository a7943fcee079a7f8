package dev.headgate.fuzz.oracle;

import static dev.headgate.fuzz.oracle.PlainVectors.want;

import dev.headgate.fuzz.oracle.PlainVectors.Malformed;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.fuzz.oracle.Verdict.Refused;
import dev.headgate.fuzz.oracle.Verdict.Unfinished;
import dev.headgate.tls.hello.HelloLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a client's hello (RFC 8446 §4.1.2) with its records (§5.1) from its text. */
public final class PlainHello {
    private static final String HANDSHAKE = "\u0016";
    private static final int HEADER = 5;
    private static final int NONE = -1;

    private PlainHello() {}

    /** Judges what a client sends first. What does not begin as a handshake is called unfinished, and never good. */
    public static Verdict<HelloModel> read(byte[] bytes, HelloLimits limits) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(HANDSHAKE)) {
            return new Unfinished<>();
        }
        var message = new StringBuilder();
        int at = 0;
        try {
            for (int count = 1; !isWhole(message, limits); count++) {
                if (text.length() < at + HEADER) {
                    return new Unfinished<>();
                }
                var header = new PlainVectors(text.substring(at, at + HEADER));
                want(header.take(1).equals(HANDSHAKE) && header.number(1) == 3, "record");
                header.take(1);
                int length = header.number(2);
                want(length > 0 && length <= 1 << 14 && count <= limits.recordCount(), "record length or count");
                want(at + HEADER + length <= limits.wireBytes(), "length on the wire");
                if (text.length() < at + HEADER + length) {
                    return new Unfinished<>();
                }
                message.append(text, at + HEADER, at + HEADER + length);
                at += HEADER + length;
            }
            return new Accepted<>(hello(message.substring(4), limits), at);
        } catch (Malformed e) {
            return new Refused<>(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isWhole(CharSequence message, HelloLimits limits) throws Malformed {
        want(message.isEmpty() || message.charAt(0) == 1, "message type");
        if (message.length() < 4) {
            return false;
        }
        int length = new PlainVectors(message.subSequence(1, 4).toString()).number(3);
        want(length <= limits.helloBytes() && message.length() <= 4 + length, "message length");
        return message.length() == 4 + length;
    }

    private static HelloModel hello(String body, HelloLimits limits) throws Malformed {
        var fields = new PlainVectors(body);
        int version = fields.number(2);
        want(version >= 0x0301, "version");
        fields.take(32);
        want(fields.vector(1).length() <= 32, "session id");
        String suites = fields.vector(2);
        want(!suites.isEmpty(), "suites");
        String compression = fields.vector(1);
        want(compression.contains("\0"), "compression");
        Map<Integer, String> extensions =
                fields.isEmpty() ? Map.of() : extensions(fields.all(2, 0), limits.extensionCount());
        List<Integer> versions = codes(extensions.get(43), 1);
        want(!versions.contains(0x0304) || compression.equals("\0"), "compression beside TLS 1.3");
        checkForms(extensions);
        return new HelloModel(
                version,
                extensions.containsKey(0) ? serverName(extensions.get(0)) : "",
                extensions.containsKey(16) ? protocols(extensions.get(16), limits.protocolCount()) : List.of(),
                List.of(
                        versions,
                        new PlainVectors(suites).codes(),
                        codes(extensions.get(10), 2),
                        codes(extensions.get(13), 2),
                        codes(extensions.get(50), 2)),
                extensions.containsKey(42),
                extensions.containsKey(41),
                extensions.containsKey(35) ? extensions.get(35).length() : NONE);
    }

    private static Map<Integer, String> extensions(PlainVectors list, int countMax) throws Malformed {
        Map<Integer, String> extensions = new HashMap<>();
        while (!list.isEmpty()) {
            want(!extensions.containsKey(41), "extension behind the keys");
            int type = list.number(2);
            want(extensions.put(type, list.vector(2)) == null, "extension twice");
            want(extensions.size() <= countMax, "too many extensions");
        }
        return extensions;
    }

    private static List<Integer> codes(@Nullable String content, int lengthBytes) throws Malformed {
        return content == null
                ? List.of()
                : new PlainVectors(content).all(lengthBytes, 2).codes();
    }

    /** What need only be well-formed: early data, modes of key exchange, pre-shared keys. */
    private static void checkForms(Map<Integer, String> extensions) throws Malformed {
        want(extensions.getOrDefault(42, "").isEmpty(), "early data");
        if (extensions.containsKey(45)) {
            new PlainVectors(extensions.get(45)).all(1, 1);
        }
        if (extensions.containsKey(41)) {
            want(extensions.containsKey(45), "keys without modes");
            var keys = new PlainVectors(extensions.get(41));
            var identities = new PlainVectors(keys.vector(2));
            want(identities.length() >= 7, "identities");
            int count = 0;
            for (; !identities.isEmpty(); count++) {
                want(!identities.vector(2).isEmpty(), "identity");
                identities.take(4);
            }
            for (PlainVectors binders = keys.all(2, 33); !binders.isEmpty(); count--) {
                want(binders.vector(1).length() >= 32, "binder");
            }
            want(count == 0, "binders");
        }
    }

    private static String serverName(String content) throws Malformed {
        PlainVectors names = new PlainVectors(content).all(2, 1);
        want(names.number(1) == 0, "type of name");
        String name = names.vector(2).replaceFirst("\\.\\z", "");
        want(names.isEmpty(), "second name");
        String bare = name.matches("\\[.*]") ? name.substring(1, name.length() - 1) : name;
        if (bare.matches("(?=.*:.*:)[0-9A-Fa-f:.]*(%[0-9A-Za-z_.~%-]+)?") || isIpv4(name)) {
            return "(address)";
        }
        want(name.length() <= 253 && !name.matches("[0-9.]*"), "name");
        for (String label : name.split("\\.", -1)) {
            want(label.matches("[0-9A-Za-z_-]{1,63}"), "label");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean isIpv4(String name) {
        return name.matches("(([0-9]{1,3})\\.){3}[0-9]{1,3}")
                && List.of(name.split("\\.")).stream().allMatch(octet -> Integer.parseInt(octet) < 256);
    }

    private static List<String> protocols(String content, int countMax) throws Malformed {
        List<String> protocols = new ArrayList<>();
        for (PlainVectors names = new PlainVectors(content).all(2, 2); !names.isEmpty(); ) {
            String name = names.vector(1);
            want(!name.isEmpty(), "empty protocol");
            if (!PlainVectors.isReserved(name)) {
                protocols.add(name);
            }
        }
        want(protocols.size() <= countMax, "too many protocols");
        return protocols;
    }
}
