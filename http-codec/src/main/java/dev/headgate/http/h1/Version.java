package dev.headgate.http.h1;

import dev.headgate.http.HttpVersion;
import dev.headgate.http.Violation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads {@code HTTP/1.0} and {@code HTTP/1.1} (RFC 9112 §2.3), case-sensitively. */
final class Version {
    /** Bytes of a version. */
    static final int LENGTH = 8;

    private static final VarHandle LONG_LE =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final String PREFIX = "HTTP/1.";
    private static final int MAJOR_OFFSET = 5;
    private static final int MINOR_OFFSET = 7;
    private static final long HTTP_1_1 = 0x312E312F50545448L; // "1.1/PTTH", the first byte lowest

    private Version() {}

    /** Whether {@code HTTP/1.1} and a CR lie at {@code at}, before {@code end}. */
    static boolean isHttp11Line(ByteBuffer source, int at, int end) {
        return end - at > LENGTH && isHttp11(source, at, end) && source.get(at + LENGTH) == '\r';
    }

    /** Whether {@code HTTP/1.1} and a line end lie at {@code at}, the CR before {@code stop}, the LF before {@code end}. */
    static boolean isHttp11Line(ByteBuffer source, int at, int stop, int end) {
        return end - at > LENGTH + 1 && isHttp11Line(source, at, stop) && source.get(at + LENGTH + 1) == '\n';
    }

    /** Whether {@code HTTP/1.1} lies at {@code at}, before {@code end}. */
    static boolean isHttp11(ByteBuffer source, int at, int end) {
        return end - at >= LENGTH && (long) LONG_LE.get(source, at) == HTTP_1_1;
    }

    /** The version with this valid last byte. */
    static HttpVersion ofMinor(byte b) {
        return b == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    /** Judges byte {@code i} of a version. */
    static @Nullable Violation onByte(int i, byte b) {
        return switch (i) {
            case 0 -> b == 'H' ? null : b == '\r' || b == '\n' ? Violation.VERSION_MISSING : Violation.VERSION_INVALID;
            case MAJOR_OFFSET ->
                b == '1' ? null : b >= '0' && b <= '9' ? Violation.VERSION_UNSUPPORTED : Violation.VERSION_INVALID;
            case MINOR_OFFSET -> b == '0' || b == '1' ? null : Violation.VERSION_INVALID;
            default -> b == PREFIX.charAt(i) ? null : Violation.VERSION_INVALID;
        };
    }
}
