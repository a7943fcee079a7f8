package dev.headgate.http.uri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import dev.headgate.http.Violation;
import dev.headgate.http.uri.UriPolicy.EscapedControls;
import dev.headgate.http.uri.UriPolicy.EscapedSeparators;
import dev.headgate.http.uri.UriPolicy.Slashes;
import dev.headgate.testkit.ThreatRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The canonical form of targets and hosts, and what has none. */
class TargetCanonicaliserTest {
    private static final UriPolicy KEEP = new UriPolicy(Slashes.KEEP, EscapedSeparators.KEEP, EscapedControls.KEEP);

    private static void path(String expected, String... received) {
        path(UriPolicy.DEFAULTS, expected, received);
    }

    private static void path(UriPolicy policy, String expected, String... received) {
        for (String path : received) {
            RequestHead head = Targets.decoded("GET", path, "a", 3 * path.length());
            assertNull(TargetCanonicaliser.canonicalise(head, policy), path);
            assertEquals(expected, Targets.path(head), path);
        }
    }

    private static void refuses(Violation violation, String... received) {
        refuses(UriPolicy.DEFAULTS, violation, received);
    }

    private static void refuses(UriPolicy policy, Violation violation, String... received) {
        for (String path : received) {
            RequestHead head = Targets.decoded("GET", path, "a", 3 * path.length());
            assertEquals(violation, TargetCanonicaliser.canonicalise(head, policy), path);
        }
    }

    @Test
    void leavesACanonicalPathWhereItIs() {
        for (String path : new String[] {"/", "/a", "/a/b.c/d..e/~f;g=h,i/", "/a:b@c!$&'()*+=-_", "/a./b../c..."}) {
            RequestHead head = Targets.decoded("GET", path, "a", 0);
            int offset = head.pathOffset();
            assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
            assertEquals(offset, head.pathOffset());
            assertEquals(path, Targets.path(head));
        }
    }

    @Test
    @ThreatRow("H1-27")
    void h1_27_gives_one_path_to_one_resource() {
        path(
                "/admin",
                "/%61dmin",
                "/%61%64%6d%69%6E",
                "//admin",
                "///admin",
                "/./admin",
                "/x/../admin",
                "/x/%2e%2e/admin",
                "/x/.%2E/admin",
                "/x/%2e./admin",
                "/%2e/admin",
                "/x/y/../../admin",
                "/x//../admin",
                "/x;/../admin");
        path("/admin/", "/admin//", "/admin/.", "/admin/x/..", "/admin/./", "/admin/%2e");
        path("/", "//", "/.", "/./", "/x/..", "/x/../");
        path("/ADMIN", "/ADMIN", "/%41DMIN");
        path("/admin;a=b", "/admin;a=b");
        path("/admin%23", "/admin%23");
        path("/admin%3F", "/admin%3f");
        path("/admin%3B", "/admin%3b");
        path("/...", "/...", "/%2e..");
        path("/.well-known/x", "/.well-known/x");
        path("/..a/b", "/..a/b");
    }

    @Test
    @ThreatRow("H1-27")
    void h1_27_refusesEscapesThatHideASeparator() {
        refuses(
                Violation.PATH_ESCAPE_FORBIDDEN,
                "/x/..%2fadmin",
                "/admin%2F",
                "/admin%5c",
                "/admin%00",
                "/%5C..%5cadmin",
                "/%00");
        refuses(Violation.PATH_ESCAPE_NESTED, "/%2561dmin", "/%2525", "/%25%36%31dmin", "/%252e%252e/", "/a%25%32%35");
        refuses(Violation.PATH_INVALID, "/\\admin", "/..\\admin", "/a\\..\\b");
        refuses(Violation.PATH_ESCAPE_INVALID, "/%", "/%a", "/%g0", "/a%2", "/%/", "/%%61", "/%-1", "/%u0041");
        path("/100%25", "/100%25");
        path("/50%25-%25", "/50%25-%25", "/50%25%2d%25");
    }

    /** Escaped control characters are a line end in whatever undoes them: both edges of the two ranges. */
    @Test
    @ThreatRow("H1-27")
    void h1_27_refusesEscapedControlCharacters() {
        refuses(
                Violation.PATH_ESCAPE_FORBIDDEN,
                "/%00",
                "/%01",
                "/a%09b",
                "/a%0d%0aSet-Cookie:%20b",
                "/%1b",
                "/%1f",
                "/%1F",
                "/%7f",
                "/%7F",
                "/x/../%1f");
        path("/%20", "/%20");
        path("/~", "/%7e", "/%7E");
        path("/%21", "/%21");
        path("/%C2%80", "/%c2%80");
        refuses(Violation.PATH_ESCAPE_NESTED, "/%250d", "/%25%30a");
        RequestHead head = Targets.decoded("GET", "/a?%00%0d%0a%1f%7f", "a", 50);
        assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
        assertEquals("%00%0d%0a%1f%7f", Targets.query(head));
    }

    @Test
    @ThreatRow("H1-27")
    void h1_27_refusesAPathThatLeavesTheRoot() {
        refuses(Violation.PATH_ABOVE_ROOT, "/..", "/../admin", "/x/../../admin", "/%2e%2e/", "/./..", "//..");
    }

    @Test
    @ThreatRow("H1-27")
    void h1_27_refusesDotSegmentsWithParameters() {
        refuses(Violation.PATH_DOT_PARAMETER, "/.;/admin", "/..;x/admin", "/x/..;/admin", "/x/.;a=b", "/x/..%3b/y");
    }

    @Test
    @ThreatRow("H1-27")
    void h1_27_refusesEscapesThatAreNotUtf8() {
        refuses(
                Violation.PATH_UTF8_INVALID,
                "/%c0%af..",
                "/%e0%80%af",
                "/%c1%81",
                "/%80",
                "/%e2%82",
                "/%e2%82/%ac",
                "/%e2%82x",
                "/%ed%a0%80",
                "/%f0%80%80%af",
                "/%f4%90%80%80",
                "/%f5%80%80%80",
                "/%ff",
                "/%c3",
                "/%c3%c3");
        path("/%C3%A9", "/%c3%a9");
        path("/%E2%82%AC/%F0%9F%98%80/%F4%8F%BF%BF", "/%e2%82%ac/%f0%9f%98%80/%f4%8f%bf%bf");
    }

    @Test
    void escapesWhatBrowsersSendRaw() {
        path("/%7C%5B%5D%5E%7B%7D%22%3C%3E%60", "/|[]^{}\"<>`");
        path("/%20%7C", "/%20%7c");
    }

    @Test
    void keepsSlashesAndControlsWhenToldTo() {
        path(KEEP, "//a//b/", "//a//b/");
        path(KEEP, "//b", "//a/../b");
        path(KEEP, "/", "//..");
        path(KEEP, "/a%2Fb%5C", "/a%2fb%5c");
        refuses(KEEP, Violation.PATH_DOT_PARAMETER, "/x/..%2fadmin", "/x%2f../admin", "/x%5c..%5cy", "/%2f.");
        path(KEEP, "/%01%0D%0A%1F%7F", "/%01%0d%0a%1f%7f");
        refuses(KEEP, Violation.PATH_ESCAPE_FORBIDDEN, "/%00");
    }

    @Test
    void keepsTheQueryByteForByte() {
        RequestHead head = Targets.decoded("GET", "/./a?../%2f%zz//|?", "a", 50);
        assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
        assertEquals("/a", Targets.path(head));
        assertEquals("../%2f%zz//|?", Targets.query(head));
    }

    @Test
    void takesThePathFromAnAbsoluteTarget() {
        path("/x", "http://a/./x", "http://A:80/%78");
        path("/", "http://a", "https://a:443?q".replace("443", "443"));
        RequestHead head = Targets.decoded("OPTIONS", "http://a", "a", 1);
        assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
        assertEquals(TargetForm.ASTERISK, head.targetForm());
        assertEquals("*", Targets.path(head));
    }

    @Test
    @ThreatRow("H1-27")
    void h1_27_lowersTheHostAndDropsItsLastDot() {
        for (String[] row : new String[][] {
            {"EXAMPLE.com", "example.com", "example.com"},
            {"Example.COM.", "example.com", "example.com"},
            {"A.:8080", "a:8080", "a"},
            {"[2001:DB8::F]:1", "[2001:db8::f]:1", "[2001:db8::f]"},
        }) {
            RequestHead head = Targets.decoded("GET", "/", row[0], 50);
            assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
            assertEquals(row[1], Targets.authority(head));
            assertEquals(row[2], Targets.host(head));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/a, 6", // three for each byte, without a look
        "/{, 6",
        "/?query, 3",
        "http://b, 1",
    })
    void saysHowMuchRoomItTakes(String target, int bytes) {
        RequestHead head = Targets.decoded("GET", target, "b", 0);
        assertEquals(bytes + 1, TargetCanonicaliser.roomMax(head));
    }

    @Test
    void longPathsTakeTheRoomThatTheyNeed() {
        assertEquals(3 * 256 + 1, room("/" + "a".repeat(255)));
        assertEquals(1 + 1, room("/" + "a".repeat(256)));
        assertEquals(258 + 1, room("/" + "a".repeat(256) + "%"));
        assertEquals(260 + 1, room("/" + "a".repeat(256) + "{"));
        assertEquals(3 * 300 + 1 + 1, room("/" + "{".repeat(300)));
    }

    @Test
    void saysHowMuchLongerALongPathBecomes() {
        assertEquals(0, growth("/" + "{".repeat(255)), "not long");
        assertEquals(512, growth("/" + "{".repeat(256)));
        assertEquals(2, growth("/" + "a".repeat(256) + "%7B{?{"));
        assertEquals(0, growth("/?" + "{".repeat(1_000)));
    }

    private static int growth(String target) {
        return TargetCanonicaliser.growthMax(Targets.decoded("GET", target, "a", 0));
    }

    private static int room(String target) {
        return TargetCanonicaliser.roomMax(Targets.decoded("GET", target, "a", 0));
    }

    @Test
    void refusesAPathThatTheStoreCannotHold() {
        for (int room = 0; room < 3; room++) {
            assertEquals(
                    Violation.PATH_TOO_LONG,
                    TargetCanonicaliser.canonicalise(Targets.decoded("GET", "/%7b", "a", room), UriPolicy.DEFAULTS));
        }
        assertNull(TargetCanonicaliser.canonicalise(Targets.decoded("GET", "/%7b", "a", 4), UriPolicy.DEFAULTS));
        assertEquals(
                Violation.PATH_TOO_LONG,
                TargetCanonicaliser.canonicalise(Targets.decoded("GET", "http://a", "a", 0), UriPolicy.DEFAULTS));
    }
}
