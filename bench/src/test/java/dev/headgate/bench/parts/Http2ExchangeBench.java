package dev.headgate.bench.parts;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.h1.ResponseEncoder;
import dev.headgate.http.h1.ResponseHeadDecoder;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does a request with its response cost both ends together, protocol alone, in HTTP/2 and in HTTP/1.1: encode and
 * decode the heads, frame the content, move it once?
 */
@State(Scope.Thread)
public class Http2ExchangeBench {
    @Param({"LOAD_GENERATOR", "BROWSER"})
    private Heads head = Heads.BROWSER;

    /** Bytes of the response's content; 50,000 are four frames. */
    @Param({"1024", "50000"})
    private int contentBytes = 1024;

    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();
    private final RequestHead receivedRequest = new RequestHead();
    private final ResponseHead receivedResponse = new ResponseHead();
    private final RequestHeadDecoder requests = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final ResponseHeadDecoder responses = new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS);
    private final ByteBuffer wire = ByteBuffer.allocateDirect(128 << 10);
    private ByteBuffer content = ByteBuffer.allocate(0);
    private Http2Pair pair = new Http2Pair(new FieldSection(), content);

    @Setup
    public void setUp() {
        requests.decode(head.bytes(), request);
        request.retain(ByteBuffer.allocateDirect(4 << 10));
        responses.decode(Heads.ORIGIN.bytes(), response, Method.GET);
        response.retain(ByteBuffer.allocateDirect(4 << 10));
        content = ByteBuffer.allocateDirect(contentBytes);
        pair = new Http2Pair(response.fields(), content);
        if (http2() != contentBytes || http1() != contentBytes) {
            throw new IllegalStateException("content is missing");
        }
    }

    @Benchmark
    public long http2() {
        return pair.exchange(request);
    }

    @Benchmark
    public long http1() {
        RequestEncoder.encode(wire.clear(), request, null, BodyKind.NONE, -1, Persistence.PERSISTENT);
        receivedRequest.clear();
        int answer = requests.decode(wire.flip(), receivedRequest);
        ResponseEncoder.encode(
                wire.clear(), 200, response.fields(), BodyKind.LENGTH, contentBytes, Persistence.PERSISTENT);
        wire.put(content.clear()).flip();
        receivedResponse.clear();
        answer += responses.decode(wire, receivedResponse, Method.GET);
        return answer == 2 * Decode.COMPLETE ? wire.remaining() : -1;
    }
}
