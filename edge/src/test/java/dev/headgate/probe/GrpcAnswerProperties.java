package dev.headgate.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class GrpcAnswerProperties {
    private static FieldSection trailers() {
        var fields = new FieldSection();
        fields.startIn(ByteBuffer.allocate(64));
        fields.add("grpc-status".getBytes(StandardCharsets.US_ASCII), "0".getBytes(StandardCharsets.US_ASCII));
        return fields;
    }

    @Property
    void anyBytesGetAVerdict(@ForAll @Size(max = 64) byte[] content, @ForAll @IntRange(min = 0, max = 64) int cut) {
        GrpcAnswer whole = new GrpcAnswer();
        assertNull(whole.onContent(ByteBuffer.wrap(content)));
        CheckResult verdict = whole.onEnd(trailers());
        assertNotNull(verdict);

        int at = Math.min(cut, content.length);
        GrpcAnswer pieces = new GrpcAnswer();
        pieces.onContent(ByteBuffer.wrap(content, 0, at));
        pieces.onContent(ByteBuffer.wrap(content, at, content.length - at));
        assertEquals(verdict, pieces.onEnd(trailers()));
    }

    @Property
    void statusIsTheLastOneWhateverElseIsThere(
            @ForAll @IntRange(min = 0, max = 127) int status, @ForAll @Size(max = 100) byte[] unknown) {
        ByteBuffer message = ByteBuffer.allocate(128).position(5);
        message.put((byte) 0x08).put((byte) 2);
        message.put((byte) 0x12).put((byte) unknown.length).put(unknown);
        message.put((byte) 0x08).put((byte) status);
        message.putInt(1, message.position() - 5);
        GrpcAnswer answer = new GrpcAnswer();
        answer.onContent(message.flip());
        CheckResult expected = status == 1 ? CheckResult.PASSED : CheckResult.NOT_SERVING;
        assertEquals(expected, answer.onEnd(trailers()));
    }
}
