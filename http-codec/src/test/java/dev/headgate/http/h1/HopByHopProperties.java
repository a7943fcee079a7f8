package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headgate.http.FieldSection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class HopByHopProperties {
    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "proxy-authenticate",
            "proxy-authorization");
    private static final Set<String> PROTECTED = Set.of(
            "host",
            "content-length",
            "content-type",
            "content-encoding",
            "content-range",
            "authorization",
            "www-authenticate",
            "cookie",
            "set-cookie",
            "cache-control",
            "vary",
            "expect",
            "via",
            "date",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-client-cert",
            "x-real-ip",
            "x-request-id",
            "max-forwards");

    @Provide
    Arbitrary<String> names() {
        List<String> all = new ArrayList<>(ALWAYS);
        all.removeAll(List.of("transfer-encoding", "connection"));
        all.addAll(PROTECTED);
        all.removeAll(List.of("host", "content-length", "expect"));
        all.addAll(List.of("x-a", "x-b", "X-A", "Referer", "ETag", "x"));
        return Arbitraries.of(all);
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> option = Arbitraries.oneOf(
                names(), Arbitraries.of("close", "keep-alive", "", "x y", "host", "Content-Length", "\"x-a\"", "x-a;"));
        Arbitrary<String> connection = Combinators.combine(
                        option.list().ofMaxSize(4), Arbitraries.of(",", ", ", " ,\t", ",,"))
                .as((options, separator) ->
                        "Connection: " + String.join(separator, options).strip());
        Arbitrary<String> other = Combinators.combine(names(), Arbitraries.of("1", "trailers", ""))
                .as((name, value) -> name + ": " + value);
        return Arbitraries.oneOf(connection, other, other);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void leaveWhatIsNeitherNamedNorAlwaysAboutOneConnection(@ForAll @Size(max = 10) List<@From("lines") String> lines) {
        FieldSection fields = Heads.decodedRequest(
                        "GET / HTTP/1.1␍␊Host: a␍␊"
                                + String.join(
                                        "",
                                        lines.stream()
                                                .map(line -> line.replace("\t", "␉") + "␍␊")
                                                .toList()) + "␍␊",
                        0)
                .fields();
        List<String> before = Heads.lines(fields);
        List<String> named = before.stream()
                .filter(line -> nameOf(line).equals("connection"))
                .flatMap(line -> List.of(line.substring(line.indexOf(':') + 1).split(",", -1)).stream())
                .map(option -> option.strip().toLowerCase(Locale.ROOT))
                .toList();

        HopByHop.strip(fields);

        List<String> left = before.stream()
                .filter(line -> !ALWAYS.contains(nameOf(line)))
                .filter(line -> PROTECTED.contains(nameOf(line)) || !named.contains(nameOf(line)))
                .toList();
        assertEquals(left, Heads.lines(fields));
        assertFalse(HopByHop.strip(fields), "a second time");
        assertEquals(left, Heads.lines(fields));
    }

    private static String nameOf(String line) {
        return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
    }
}
