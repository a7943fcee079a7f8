package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.FieldSection;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answer of gRPC's health checking protocol: one message, {@code HealthCheckResponse}, of which the field 1 counts.
 * <pre>
 *  message:  0 compressed (0) | 1–4 length, big endian | then protobuf fields: tag, value
 * </pre>
 */
@LoopConfined
final class GrpcAnswer implements StreamAnswer {
    private static final int PREFIX_BYTES = 5;
    private static final int MESSAGE_BYTES_MAX = 4096;
    private static final int SERVING = 1;
    private static final int STATUS_FIELD = 1;
    private static final int TYPE_VARINT = 0;
    private static final int TYPE_FIXED_64 = 1;
    private static final int TYPE_BYTES = 2;
    private static final int TYPE_FIXED_32 = 5;
    private static final byte[] GRPC_STATUS = "grpc-status".getBytes(StandardCharsets.US_ASCII);
    private static final int OK = 200;

    private final ByteBuffer message = ByteBuffer.allocate(PREFIX_BYTES + MESSAGE_BYTES_MAX);

    @Override
    public @Nullable CheckResult onHead(ResponseHead head) {
        if (head.status() != OK) {
            return CheckResult.STATUS;
        }
        return null;
    }

    /** An answer without a message: its head is its trailers. */
    static CheckResult ofTrailersOnly(ResponseHead head) {
        if (head.status() != OK) {
            return CheckResult.STATUS;
        }
        return statusOf(head.fields()) == null ? CheckResult.PROTOCOL_ERROR : CheckResult.NOT_SERVING;
    }

    @Override
    public @Nullable CheckResult onContent(ByteBuffer content) {
        if (content.remaining() > message.remaining()) {
            return CheckResult.PROTOCOL_ERROR;
        }
        message.put(content);
        return null;
    }

    @Override
    public CheckResult onEnd(@Nullable FieldSection trailers) {
        String status = trailers == null ? null : statusOf(trailers);
        if (status == null) {
            return CheckResult.PROTOCOL_ERROR;
        }
        if (!status.equals("0")) {
            return CheckResult.NOT_SERVING;
        }
        message.flip();
        if (message.remaining() < PREFIX_BYTES || message.get() != 0 || message.getInt() != message.remaining()) {
            return CheckResult.PROTOCOL_ERROR;
        }
        return read(message);
    }

    private static @Nullable String statusOf(FieldSection fields) {
        int at = fields.find(GRPC_STATUS);
        return at < 0 ? null : fields.value(at);
    }

    /** Takes protobuf apart as far as it takes to find one field; the last of several counts. */
    private static CheckResult read(ByteBuffer from) {
        long status = 0;
        while (from.hasRemaining()) {
            long tag = varint(from);
            int type = (int) (tag & 7);
            long value;
            switch (type) {
                case TYPE_VARINT -> value = varint(from);
                case TYPE_FIXED_64 -> value = skip(from, Long.BYTES);
                case TYPE_BYTES -> value = skip(from, varint(from));
                case TYPE_FIXED_32 -> value = skip(from, Integer.BYTES);
                default -> value = -1;
            }
            if (tag < 0 || value < 0) {
                return CheckResult.PROTOCOL_ERROR;
            }
            if (tag >>> 3 == STATUS_FIELD && type == TYPE_VARINT) {
                status = value;
            }
        }
        return status == SERVING ? CheckResult.PASSED : CheckResult.NOT_SERVING;
    }

    /** A number of up to 63 bits; −1 when there is none. */
    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1 && from.hasRemaining(); shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }

    private static long skip(ByteBuffer from, long bytes) {
        if (bytes < 0 || bytes > from.remaining()) {
            return -1;
        }
        from.position(from.position() + (int) bytes);
        return 0;
    }
}
