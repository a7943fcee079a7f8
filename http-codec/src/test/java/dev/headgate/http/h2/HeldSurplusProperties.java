package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Who says nothing twice in a head has no surplus, whatever goes by index and however many requests are open. */
class HeldSurplusProperties {
    /** Values of Huffman codes as short as they can be, and as most are. */
    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> names = Arbitraries.integers().between(0, 40).map(number -> "x-" + number);
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 2_000).map("0"::repeat),
                Arbitraries.integers()
                        .between(0, 200)
                        .map("some value "::repeat)
                        .map(String::trim),
                Arbitraries.strings().withCharRange('!', '~').ofMaxLength(40));
        return Combinators.combine(names, values).as((name, value) -> name + ": " + value + "␍␊");
    }

    @Provide
    Arbitrary<List<Set<String>>> connections() {
        return lines().list()
                .ofSize(12)
                .flatMap(known -> Arbitraries.of(known)
                        .set()
                        .ofMaxSize(12)
                        .list()
                        .ofMinSize(2)
                        .ofMaxSize(100));
    }

    @Property(tries = 300)
    void headsThatSayNothingTwiceAreNeverRefusedForIt(@ForAll("connections") List<Set<String>> requests) {
        Machine client = Machine.client();
        Machine server = Machine.server();
        for (Set<String> lines : requests) {
            var head = Heads.request("GET / HTTP/1.1␍␊Host: a␍␊" + String.join("", lines) + "␍␊");
            assertNotNull(client.connection.request(head, Heads.PLAIN, -1, StreamEnd.END, client.nowNs));
            server.feed(client.takeOutput());
            client.takeLog();
            client.connection.onOutputDrained();
        }
        assertEquals(
                List.of(),
                server.log.stream().filter(line -> line.startsWith("violation")).toList());
        assertEquals(requests.size(), server.connection.streamCount());
    }
}
