package dev.headgate.bench.parts;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.h1.ResponseHeadDecoder;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How long does a head take to decode and check, beside the same bytes read one by one with hardly a check, split as strings, and parsed by
 * Jetty's parser?
 */
@State(Scope.Thread)
public class HeadDecodeBench {
    @Param({"LOAD_GENERATOR", "BROWSER", "BROWSER_HINTS", "ORIGIN"})
    private Heads head = Heads.BROWSER;

    private final RequestHeadDecoder requests = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final ResponseHeadDecoder responses = new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS);
    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();
    private final PlainParser plain = new PlainParser();
    private final Fields fields = new Fields();
    private final HttpParser jettyRequests = new HttpParser((HttpParser.RequestHandler) fields);
    private final HttpParser jettyResponses = new HttpParser((HttpParser.ResponseHandler) fields);
    private ByteBuffer source = ByteBuffer.allocate(0);
    private boolean isResponse;

    @Setup
    public void setUp() {
        source = head.bytes();
        isResponse = head == Heads.ORIGIN;
        int lines = byteByByte();
        if (headgate() != Decode.COMPLETE || jetty() != lines || strings().size() != lines) {
            throw new IllegalStateException("they do not agree: " + head);
        }
    }

    @Benchmark
    public int headgate() {
        if (isResponse) {
            response.clear();
            return responses.decode(source.position(0), response, Method.GET);
        }
        request.clear();
        return requests.decode(source.position(0), request);
    }

    @Benchmark
    public int byteByByte() {
        return plain.byteByByte(source.position(0));
    }

    @Benchmark
    public Map<String, String> strings() {
        return plain.strings(source.position(0));
    }

    @Benchmark
    public int jetty() {
        HttpParser parser = isResponse ? jettyResponses : jettyRequests;
        parser.reset();
        fields.count = 0;
        parser.parseNext(source.position(0));
        return fields.count;
    }

    /** Counts field lines; each is an object by then. */
    private static final class Fields implements HttpParser.RequestHandler, HttpParser.ResponseHandler {
        private int count;

        @Override
        public void parsedHeader(HttpField field) {
            count++;
        }

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {}

        @Override
        public void startResponse(HttpVersion version, int status, String reason) {}

        @Override
        public boolean content(ByteBuffer item) {
            return false;
        }

        @Override
        public boolean headerComplete() {
            return true; // Leaves the parser where the head ends.
        }

        @Override
        public boolean contentComplete() {
            return false;
        }

        @Override
        public boolean messageComplete() {
            return true;
        }

        @Override
        public void earlyEOF() {}
    }
}
