package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.HostPattern;
import dev.headgate.config.PassThrough;
import dev.headgate.tls.hello.ClientHello;
import dev.headgate.tls.hello.ClientHelloReader;
import dev.headgate.tls.hello.HelloLimits;
import dev.headgate.tls.hello.HelloOutcome;
import dev.headgate.tls.hello.HelloScan;
import dev.headgate.tls.transport.HelloDecision;
import dev.headgate.tunnel.Hellos;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PassThroughTableProperties {
    /** Looking names up finds what comparing with each rule in turn does. */
    @Property
    void findsTheFirstRuleThatTakesAHello(
            @ForAll("rules") List<PassThrough> rules,
            @ForAll("names") String name,
            @ForAll("offers") List<String> offer) {
        List<PassThrough> numbered = new ArrayList<>();
        for (PassThrough rule : rules) {
            numbered.add(new PassThrough(rule.serverNames(), rule.alpn(), "u" + numbered.size()));
        }
        Map<String, HelloDecision.PassThrough> decisions = new HashMap<>();
        PassThroughTable table = PassThroughTable.of(
                numbered,
                upstream -> decisions.computeIfAbsent(
                        upstream, key -> new HelloDecision.PassThrough((transport, before, serverName) -> before)));
        HelloDecision expected = numbered.stream()
                .filter(rule -> takes(rule, name, offer))
                .findFirst()
                .map(rule -> decisions.get(rule.to()))
                .orElse(null);
        assertEquals(expected, table.find(hello(name, offer), name.isEmpty() ? null : name));
    }

    private static boolean takes(PassThrough rule, String name, List<String> offer) {
        return (rule.serverNames().isEmpty()
                        || !name.isEmpty() && rule.serverNames().stream().anyMatch(each -> each.matches(name)))
                && (rule.alpn().isEmpty() || rule.alpn().stream().anyMatch(offer::contains));
    }

    private static ClientHello hello(String name, List<String> offer) {
        byte[] bytes = Hellos.of(name, String.join(" ", offer), 0x0303);
        ClientHelloReader reader = new ClientHelloReader(HelloLimits.DEFAULTS);
        assertEquals(HelloOutcome.COMPLETE, reader.read(ByteBuffer.wrap(bytes), new HelloScan()));
        return reader.hello();
    }

    @Provide
    Arbitrary<List<PassThrough>> rules() {
        Arbitrary<List<HostPattern>> names = Arbitraries.of(
                        "a.com", "*.a.com", "b.a.com", "*.b.a.com", "*.com", "x.org")
                .map(HostPattern::new)
                .list()
                .uniqueElements()
                .ofMaxSize(2);
        Arbitrary<List<String>> protocols =
                Arbitraries.of("h2", "x").list().uniqueElements().ofMaxSize(2);
        return Combinators.combine(names, protocols)
                .as((some, alpn) -> new PassThrough(some, alpn, ""))
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("", "a.com", "b.a.com", "c.b.a.com", "x.org", "y.org", "com");
    }

    @Provide
    Arbitrary<List<String>> offers() {
        return Arbitraries.of("h2", "x", "z").list().uniqueElements().ofMaxSize(2);
    }
}
