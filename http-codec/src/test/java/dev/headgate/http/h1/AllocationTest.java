package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.testkit.AllocationMeter;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A request and its response through the codec, many times over, leave no garbage. */
class AllocationTest {
    private static final int HEADS = 100_000;

    private static final String REQUEST =
            "POST /shop/%7ejoe/../items?page=3 HTTP/1.1␍␊Host: Shop.Example.com:8080␍␊User-Agent: Mozilla/5.0 (X11)␍␊"
                    + "Accept: text/html,*/*;q=0.8␍␊Accept-Encoding: gzip, br␍␊Cookie: session=0123456789abcdef␍␊"
                    + "Connection: keep-alive, X-Hop␍␊X-Hop: 1␍␊X-Odd:2␍␊x_y: 3␍␊TE: trailers␍␊"
                    + "Transfer-Encoding: chunked␍␊␍␊5;a=b␍␊hello␍␊0␍␊grpc-status: 0␍␊Cookie: x␍␊␍␊";
    private static final String RESPONSE =
            "HTTP/1.1 200 OK␍␊Server: origin␍␊Date: now␍␊Content-Type: text/html␍␊Content-Length: 1024␍␊␍␊";

    private final ByteBuffer request = direct(Wire.bytes(REQUEST));
    private final ByteBuffer response = direct(Wire.bytes(RESPONSE));
    private final ByteBuffer store = ByteBuffer.allocateDirect(4096);
    private final ByteBuffer out = ByteBuffer.allocateDirect(4096);
    private final byte[] via = Wire.bytes("1.1 proxy");
    private final byte[] customName = Wire.bytes("X-Custom");
    private final RequestHeadDecoder requests = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final ResponseHeadDecoder responses = new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS);
    private final RequestHead requestHead = new RequestHead();
    private final ResponseHead responseHead = new ResponseHead();
    private final BodyDecoder body = new BodyDecoder();

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Test
    void leavesNoGarbage() {
        for (int i = 0; i < HEADS / 2; i++) {
            exchange();
        }
        var meter = AllocationMeter.start(Thread.currentThread().threadId());
        for (int i = 0; i < HEADS; i++) {
            exchange();
        }
        long perHead = meter.bytes() / HEADS;
        assertEquals(0, perHead, "bytes per exchange");
    }

    private void exchange() {
        requestHead.clear();
        check(requests.decode(request.position(0), requestHead) == Decode.COMPLETE);
        requestHead.retain(store);
        check(TargetCanonicaliser.canonicalise(requestHead, UriPolicy.DEFAULTS) == null);
        check(HopByHop.strip(requestHead.fields()));
        check(requestHead.fields().add(Field.VIA, via, 0, via.length));
        check(requestHead.fields().add(customName, via));
        out.clear();
        check(RequestEncoder.encode(out, requestHead, null, BodyKind.CHUNKED, -1, Persistence.PERSISTENT));
        body();
        responseHead.clear();
        check(responses.decode(response.position(0), responseHead, Method.POST) == Decode.COMPLETE);
        responseHead.retain(store);
        responseHead.fields().removeAll(Field.SERVER);
        check(ResponseEncoder.encode(out, 200, responseHead.fields(), BodyKind.LENGTH, 1024, Persistence.PERSISTENT));
    }

    private void body() {
        body.start(BodyKind.CHUNKED, -1, Http1Limits.DEFAULTS);
        int answer = body.next(request);
        while (answer == Decode.DATA) {
            int length = body.dataLength();
            check(ChunkEncoder.prefix(out, length));
            request.position(request.position() + length);
            body.taken(length);
            answer = body.next(request);
        }
        check(answer == Decode.END);
        check(ChunkEncoder.lastWithTrailers(out, body.trailers()));
    }

    private static void check(boolean fine) {
        if (!fine) {
            assertTrue(fine);
        }
    }
}
