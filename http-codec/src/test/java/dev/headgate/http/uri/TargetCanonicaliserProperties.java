package dev.headgate.http.uri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.http.uri.UriPolicy.EscapedControls;
import dev.headgate.http.uri.UriPolicy.EscapedSeparators;
import dev.headgate.http.uri.UriPolicy.Slashes;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Laws of the canonical form. */
class TargetCanonicaliserProperties {
    /** Paths of the pieces that attacks are made of. */
    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "/",
                        "/",
                        "a",
                        "B",
                        ".",
                        "..",
                        "%2e",
                        "%2E%2e",
                        ";",
                        "%3b",
                        "%2f",
                        "%5c",
                        "%25",
                        "%",
                        "61",
                        "%61",
                        "%c3%a9",
                        "%e2%82%ac",
                        "%c0",
                        "%af",
                        "|",
                        "{",
                        "~",
                        "%7e",
                        "%7C",
                        "2f",
                        "%41",
                        "\\",
                        "%20",
                        "%0d%0a",
                        "%1f",
                        "%7F",
                        "%00",
                        ":",
                        "@")
                .list()
                .ofMaxSize(14)
                .map(pieces -> "/" + String.join("", pieces));
    }

    @Provide
    Arbitrary<UriPolicy> policies() {
        return Arbitraries.of(
                UriPolicy.DEFAULTS,
                new UriPolicy(Slashes.KEEP, EscapedSeparators.REJECT, EscapedControls.REJECT),
                new UriPolicy(Slashes.MERGE, EscapedSeparators.KEEP, EscapedControls.REJECT),
                new UriPolicy(Slashes.MERGE, EscapedSeparators.REJECT, EscapedControls.KEEP),
                new UriPolicy(Slashes.KEEP, EscapedSeparators.KEEP, EscapedControls.KEEP));
    }

    private static @Nullable String canonical(String path, UriPolicy policy) {
        RequestHead head = Targets.decoded("GET", path, "a", 3 * path.length());
        Violation violation = TargetCanonicaliser.canonicalise(head, policy);
        return violation == null ? Targets.path(head) : null;
    }

    @Property(tries = 20_000)
    void doingItTwiceChangesNothing(@ForAll("paths") String path, @ForAll("policies") UriPolicy policy) {
        String once = canonical(path, policy);
        if (once != null) {
            assertEquals(once, canonical(once, policy), path);
        }
    }

    /** Short paths and those that are looked at for it alike. */
    @Property(tries = 20_000)
    void takesNoMoreRoomThanItSays(@ForAll("paths") String path, @ForAll("policies") UriPolicy policy) {
        for (String target : List.of(path, path + "?" + "q".repeat(300), path.repeat(1 + 256 / path.length()))) {
            RequestHead roomy = Targets.decoded("GET", target, "A.:8080", 3 * target.length() + 40);
            RequestHead tight = Targets.decoded("GET", target, "A.:8080", TargetCanonicaliser.roomMax(roomy));
            Violation expected = TargetCanonicaliser.canonicalise(roomy, policy);
            assertEquals(expected, TargetCanonicaliser.canonicalise(tight, policy), target);
            if (expected == null) {
                assertEquals(Targets.path(roomy), Targets.path(tight));
                assertEquals(Targets.authority(roomy), Targets.authority(tight));
            }
        }
    }

    @Property(tries = 5_000)
    void whatWasEncodedIsCanonicalWhenDecoded(@ForAll("paths") String path) {
        RequestHead head = Targets.decoded("GET", path + "?q", "Example.COM.:81", 3 * path.length() + 40);
        if (TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS) != null) {
            return;
        }
        ByteBuffer out = ByteBuffer.allocate(1000);
        assertTrue(RequestEncoder.encode(out, head, null, BodyKind.NONE, -1, Persistence.PERSISTENT));
        RequestHead again = Targets.decoded(out.flip(), 1000);
        assertEquals(Targets.path(head), Targets.path(again));
        assertNull(TargetCanonicaliser.canonicalise(again, UriPolicy.DEFAULTS));
        assertEquals(Targets.path(head), Targets.path(again));
        assertEquals(Targets.query(head), Targets.query(again));
        assertEquals("example.com:81", Targets.authority(again));
        assertEquals("example.com", Targets.host(again));
    }

    @Property(tries = 20_000)
    void aCanonicalPathHidesNothing(@ForAll("paths") String path) {
        String canonical = canonical(path, UriPolicy.DEFAULTS);
        if (canonical == null) {
            return;
        }
        assertTrue(canonical.startsWith("/"));
        assertFalse(canonical.contains("//"), canonical);
        String decodedTwice = decode(decode(canonical));
        assertTrue(decodedTwice.chars().noneMatch(c -> c < ' ' || c == 0x7F), canonical);
        for (String segment : decodedTwice.split("[/\\\\]", -1)) {
            String name = segment.split(";", -1)[0];
            assertFalse(name.equals(".") || name.equals(".."), () -> path + " -> " + canonical);
        }
        assertEquals(count(canonical, '/'), count(decodedTwice, '/') + count(decodedTwice, '\\'), canonical);
    }

    /** Undoes escapes as a careless reader does, one byte to one character. */
    private static String decode(String path) {
        var decoded = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            boolean escape = path.startsWith("%", i) && path.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*");
            decoded.append(escape ? (char) Integer.parseInt(path, i + 1, i + 3, 16) : path.charAt(i));
            i += escape ? 2 : 0;
        }
        return decoded.toString();
    }

    private static long count(String text, char c) {
        return text.chars().filter(other -> other == c).count();
    }
}
