package dev.headgate.bench.parts;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.HopByHop;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does it take to make a request for the origin from a client's, decoding, checks and canonical form included, beside doing it with
 * strings and no checks?
 */
@State(Scope.Thread)
public class RequestHeadBench {
    @Param({"LOAD_GENERATOR", "BROWSER", "BROWSER_HINTS"})
    private Heads head = Heads.BROWSER;

    private final RequestHeadDecoder decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final RequestHead request = new RequestHead();
    private final PlainParser plain = new PlainParser();
    private final ByteBuffer store = ByteBuffer.allocateDirect(8 << 10);
    private final ByteBuffer out = ByteBuffer.allocateDirect(8 << 10);
    private ByteBuffer source = out;

    @Setup
    public void setUp() {
        source = head.bytes();
    }

    @Benchmark
    public boolean headgate() {
        request.clear();
        decoder.decode(source.position(0), request);
        request.retain(store);
        TargetCanonicaliser.canonicalise(request, UriPolicy.DEFAULTS);
        HopByHop.strip(request.fields());
        return RequestEncoder.encode(out.clear(), request, null, BodyKind.NONE, -1, Persistence.PERSISTENT);
    }

    @Benchmark
    public ByteBuffer strings() {
        String text = StandardCharsets.ISO_8859_1
                .decode(source.position(0).duplicate())
                .toString();
        Map<String, String> fields = plain.strings(source);
        fields.remove("connection");
        var written = new StringBuilder(text.substring(0, text.indexOf("\r\n") + 2));
        fields.forEach(
                (name, value) -> written.append(name).append(": ").append(value).append("\r\n"));
        return out.clear().put(written.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
