package dev.headgate.probe;

import dev.headgate.engine.Immutable;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A call of {@code grpc.health.v1.Health/Check}, written once. */
@Immutable
final class GrpcQuestion {
    private static final int SERVICE_TAG = 1 << 3 | 2; // field 1, of bytes
    private static final int LOW_BITS = 7;
    private static final long NS_PER_MS = 1_000_000;

    private final byte[] text;
    private final byte[] message;

    GrpcQuestion(String service, String host, long timeoutNs) {
        String lines = "POST /grpc.health.v1.Health/Check HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: application/grpc\r\nUser-Agent: headgate-health\r\ngrpc-timeout: "
                + Math.max(1, timeoutNs / NS_PER_MS) + "m\r\n\r\n";
        this.text = lines.getBytes(StandardCharsets.US_ASCII);
        this.message = message(service.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] message(byte[] service) {
        ByteBuffer fields = ByteBuffer.allocate(service.length + 2 * Byte.BYTES + 2);
        if (service.length > 0) {
            fields.put((byte) SERVICE_TAG);
            int length = service.length;
            while (length >= 1 << LOW_BITS) {
                fields.put((byte) (length & 0x7f | 0x80));
                length >>>= LOW_BITS;
            }
            fields.put((byte) length).put(service);
        }
        fields.flip();
        return ByteBuffer.allocate(5 + fields.remaining())
                .put((byte) 0)
                .putInt(fields.remaining())
                .put(fields)
                .array();
    }

    RequestHead head() {
        return WrittenHead.of(text);
    }

    /** Not to be changed. */
    byte[] message() {
        return message;
    }
}
