package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.FieldSection;
import dev.headgate.testkit.ThreatRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class HopByHopTest {
    private static FieldSection fields(String lines) {
        return Heads.decodedRequest("POST / HTTP/1.1␍␊Host: a␍␊" + lines + "␍␊", 0)
                .fields();
    }

    private static List<String> stripped(String lines) {
        FieldSection fields = fields(lines);
        HopByHop.strip(fields);
        List<String> left = Heads.lines(fields);
        assertFalse(HopByHop.strip(fields), "a second time");
        assertEquals(left, Heads.lines(fields));
        return left.subList(1, left.size());
    }

    @Test
    void removesWhatIsAlwaysAboutOneConnection() {
        assertEquals(
                List.of("X: 1"),
                stripped("Connection: keep-alive␍␊Keep-Alive: 5␍␊Proxy-Connection: x␍␊TE: gzip␍␊Trailer: X␍␊"
                        + "Transfer-Encoding: chunked␍␊Upgrade: x␍␊Proxy-Authorization: y␍␊X: 1␍␊"));
    }

    @Test
    void removesWhatConnectionNames() {
        assertEquals(
                List.of("X-Food: 2", "Y: 5"),
                stripped("X-Foo: 1␍␊X-Food: 2␍␊x-foo: 3␍␊Connection: , close, X-FOO ␍␊Connection:␉Referer,q␍␊Q: 4␍␊"
                        + "Referer: r␍␊Y: 5␍␊"));
    }

    @Test
    @ThreatRow("H1-25")
    void h1_25_protectsWhatTheOriginReliesOn() {
        List<String> kept = List.of(
                "X-Forwarded-For: 1",
                "X-Real-IP: 2",
                "Authorization: 3",
                "Cookie: 4",
                "Content-Length: 5",
                "X-Request-ID: 6",
                "Forwarded: 7");
        assertEquals(
                kept,
                stripped("Connection: close, X-Forwarded-For, X-Real-IP, Authorization, Cookie, Host, Content-Length, "
                        + "x-request-id, forwarded␍␊" + String.join("␍␊", kept) + "␍␊"));
    }

    @Test
    @ThreatRow("H1-25")
    void h1_25_ignoresOptionsThatAreNoNames() {
        assertEquals(List.of("X: 1"), stripped("Connection: X y, \"X\", X;q=1, @, ␉␍␊X: 1␍␊"));
    }

    @Test
    @ThreatRow("H1-23")
    void h1_23_removesAnUpgradeToHttp2() {
        assertEquals(
                List.of(), stripped("Connection: Upgrade, HTTP2-Settings␍␊Upgrade: h2c␍␊HTTP2-Settings: AAMAAABk␍␊"));
    }

    @Test
    @ThreatRow("H1-22")
    void h1_22_removesAnUpgradeToAnything() {
        assertEquals(List.of(), stripped("Connection: upgrade␍␊Upgrade: foo␍␊"));
    }

    @Test
    void remembersWhetherTrailersAreTaken() {
        assertTrue(HopByHop.strip(fields("TE: trailers␍␊Connection: TE␍␊")));
        assertTrue(HopByHop.strip(fields("TE: gzip;q=0.5 ,␉Trailers␍␊")));
        assertTrue(HopByHop.strip(fields("TE: gzip␍␊TE: trailers␍␊")));
        assertFalse(HopByHop.strip(fields("TE: gzip␍␊")));
        assertFalse(HopByHop.strip(fields("X: trailers␍␊")));
    }
}
