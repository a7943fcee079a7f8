package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.testkit.Wire;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/**
 * How much CPU time a browser's head takes, best of some rounds: decoded alone, and through decode, retain, canonicalise, strip and encode. Run it with
 * {@code java -cp target/classes:target/test-classes:../testkit/target/classes dev.headgate.http.h1.HeadDecodeBench}.
 */
final class HeadDecodeBench {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 9;
    private static final int HEADS_PER_ROUND = 1_000_000;

    private static final String HEAD = "GET /products/1234/details?ref=home&page=2 HTTP/1.1␍␊"
            + "Host: www.example.com␍␊"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0␍␊"
            + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8␍␊"
            + "Accept-Language: en-US,en;q=0.5␍␊"
            + "Accept-Encoding: gzip, deflate, br␍␊"
            + "Cookie: session=0123456789abcdef0123456789abcdef␍␊"
            + "Connection: keep-alive␍␊␍␊";

    private static final byte[] CLASSES = new byte[256];
    private static int sink;

    private HeadDecodeBench() {}

    public static void main(String[] args) {
        byte[] message = Wire.bytes(HEAD);
        ByteBuffer source = ByteBuffer.allocateDirect(16 << 10).put(message).flip();
        ByteBuffer store = ByteBuffer.allocateDirect(4 << 10);
        ByteBuffer out = ByteBuffer.allocateDirect(4 << 10);
        var decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
        var head = new RequestHead();
        System.out.println("head of " + message.length + " bytes, 7 fields");
        report("byte loop with a table, nothing else", i -> {
            for (int at = 0; at < message.length; at++) {
                sink += CLASSES[source.get(at) & 0xFF];
            }
        });
        report("decode", i -> {
            head.clear();
            decoder.decode(source.position(0), head);
        });
        report("decode, retain, canonicalise, strip, encode", i -> {
            head.clear();
            decoder.decode(source.position(0), head);
            head.retain(store);
            TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS);
            HopByHop.strip(head.fields());
            RequestEncoder.encode(out.clear(), head, null, BodyKind.NONE, -1, Persistence.PERSISTENT);
        });
    }

    private static void report(String what, IntConsumer work) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < HEADS_PER_ROUND; i++) {
                work.accept(i);
            }
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / (double) HEADS_PER_ROUND);
        }
        System.out.printf("%-45s %6.1f ns%n", what, best);
    }
}
