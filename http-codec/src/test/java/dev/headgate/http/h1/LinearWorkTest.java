package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A head that arrives byte by byte costs as much as one that arrives whole: what has been looked at is not looked at
 * again. The work of a call is the bytes behind the scan offset; the test asserts that there is never more than one.
 */
class LinearWorkTest {
    static Stream<String> heads() {
        return Stream.of(
                "GET /" + "a".repeat(8_000) + " HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET /?" + "?".repeat(8_000) + " HTTP/1.1␍␊Host: a␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊X: " + "b".repeat(16_000) + "␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊X: " + "␉".repeat(16_000) + "␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊X:" + " ".repeat(16_000) + "␍␊␍␊",
                "GET / HTTP/1.1␍␊Host: a␍␊" + ("X: " + "c".repeat(300) + "␍␊").repeat(99) + "␍␊",
                "␍␊␍␊GET / HTTP/1.0␍␊" + ("N".repeat(256) + ":␍␊").repeat(99) + "␍␊");
    }

    @ParameterizedTest
    @MethodSource("heads")
    void looksAtEachByteOnce(String script) {
        byte[] message = Wire.bytes(script);
        var decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
        var head = new RequestHead();
        ByteBuffer source = ByteBuffer.allocateDirect(message.length).put(message);
        int answer = Decode.NEED_MORE;
        for (int end = 0; end <= message.length && answer == Decode.NEED_MORE; end++) {
            assertTrue(end - head.scan().scanOffset <= 1, "bytes to look at again");
            answer = decoder.decode(source.limit(end).position(0), head);
        }
        assertEquals(Decode.COMPLETE, answer, () -> "refused: " + head.violation());
        assertEquals(message.length, head.headLength());
    }
}
