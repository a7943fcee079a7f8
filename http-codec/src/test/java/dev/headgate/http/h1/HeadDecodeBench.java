package dev.headgate.http.h1;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.testkit.Wire;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/**
 * How much CPU time heads take, best of some short windows: of a browser, a load generator and an origin, decoded alone
 * and through what a proxy does with them. Run it with
 * {@code java -cp target/classes:target/test-classes:../testkit/target/classes dev.headgate.http.h1.HeadDecodeBench}.
 */
final class HeadDecodeBench {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_HEADS = 1_500_000;
    /** Short ones, for a machine that others use too. */
    private static final int WINDOWS = 40;

    private static final int HEADS_PER_WINDOW = 50_000;

    private static final String BROWSER = "GET /products/1234/details?ref=home&page=2 HTTP/1.1␍␊"
            + "Host: www.example.com␍␊"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0␍␊"
            + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8␍␊"
            + "Accept-Language: en-US,en;q=0.5␍␊"
            + "Accept-Encoding: gzip, deflate, br␍␊"
            + "Cookie: session=0123456789abcdef0123456789abcdef␍␊"
            + "Connection: keep-alive␍␊␍␊";
    /** A browser of today names itself in fields that have no number. */
    private static final String BROWSER_HINTS = "GET /assets/app-4f2a91c7.js HTTP/1.1␍␊"
            + "Host: www.example.com␍␊"
            + "Connection: keep-alive␍␊"
            + "sec-ch-ua-platform: \"Linux\"␍␊"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0␍␊"
            + "sec-ch-ua: \"Chromium\";v=\"126\", \"Not:A-Brand\";v=\"24\"␍␊"
            + "sec-ch-ua-mobile: ?0␍␊"
            + "Accept: */*␍␊"
            + "Sec-Fetch-Site: same-origin␍␊"
            + "Sec-Fetch-Mode: no-cors␍␊"
            + "Sec-Fetch-Dest: script␍␊"
            + "Referer: https://www.example.com/products/1234/details␍␊"
            + "Accept-Encoding: gzip, deflate, br, zstd␍␊"
            + "Accept-Language: en-US,en;q=0.9␍␊"
            + "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark␍␊␍␊";

    private static final String LOAD_GENERATOR =
            "GET /1k HTTP/1.1␍␊Host: 127.0.0.1:18080␍␊User-Agent: load/1␍␊Accept: */*␍␊␍␊";
    private static final String ORIGIN = "HTTP/1.1 200 OK␍␊Server: origin␍␊Date: Sat, 21 Nov 2026 10:00:00 GMT␍␊"
            + "Content-Type: text/plain␍␊Content-Length: 1024␍␊␍␊";

    private static final byte[] CLASSES = new byte[256];
    private static int sink;

    private final ByteBuffer source = ByteBuffer.allocateDirect(16 << 10);
    private final ByteBuffer store = ByteBuffer.allocateDirect(4 << 10);
    private final ByteBuffer out = ByteBuffer.allocateDirect(4 << 10);
    private final RequestHeadDecoder requests = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final ResponseHeadDecoder responses = new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS);
    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();

    private HeadDecodeBench() {}

    public static void main(String[] args) {
        var bench = new HeadDecodeBench();
        // Twice, for the first pass also settles which code the compiler has made of what all heads share.
        for (int pass = 0; pass < 2; pass++) {
            bench.byteLoop();
            bench.request("load generator", LOAD_GENERATOR);
            bench.request("browser", BROWSER);
            bench.request("browser with hints", BROWSER_HINTS);
            bench.response("origin", ORIGIN);
        }
    }

    private void byteLoop() {
        int length = load("byte loop", BROWSER);
        report("byte loop with a table, nothing else", i -> {
            for (int at = 0; at < length; at++) {
                sink += CLASSES[source.get(at) & 0xFF];
            }
        });
    }

    private void request(String name, String head) {
        load(name, head);
        report("decode", i -> decodeRequest());
        report("decode, retain", i -> {
            decodeRequest();
            request.retain(store);
        });
        report("canonicalise", i -> TargetCanonicaliser.canonicalise(request, UriPolicy.DEFAULTS));
        report("decode, strip", i -> {
            decodeRequest();
            HopByHop.strip(request.fields());
        });
        report("decode, retain, canonicalise, strip", i -> {
            decodeRequest();
            request.retain(store);
            TargetCanonicaliser.canonicalise(request, UriPolicy.DEFAULTS);
            HopByHop.strip(request.fields());
        });
        report("decode, retain, canonicalise, strip, encode", i -> {
            decodeRequest();
            request.retain(store);
            TargetCanonicaliser.canonicalise(request, UriPolicy.DEFAULTS);
            HopByHop.strip(request.fields());
            RequestEncoder.encode(out.clear(), request, null, BodyKind.NONE, -1, Persistence.PERSISTENT);
        });
    }

    private void response(String name, String head) {
        load(name, head);
        report("decode", i -> decodeResponse());
        report("decode, retain, strip", i -> {
            decodeResponse();
            response.retain(store);
            HopByHop.strip(response.fields());
        });
    }

    private int load(String name, String head) {
        byte[] message = Wire.bytes(head);
        source.clear().put(message).flip();
        System.out.println(name + ": " + message.length + " bytes");
        return message.length;
    }

    private void decodeRequest() {
        request.clear();
        sink += requests.decode(source.position(0), request);
    }

    private void decodeResponse() {
        response.clear();
        sink += responses.decode(source.position(0), response, Method.GET);
    }

    private static void report(String what, IntConsumer work) {
        repeat(work, WARM_UP_HEADS);
        double best = Double.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            long start = THREADS.getCurrentThreadCpuTime();
            repeat(work, HEADS_PER_WINDOW);
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / (double) HEADS_PER_WINDOW);
        }
        System.out.printf("    %-45s %6.1f ns%n", what, best);
    }

    private static void repeat(IntConsumer work, int count) {
        for (int i = 0; i < count; i++) {
            work.accept(i);
        }
    }
}
