package dev.headgate.tls.hello;

import org.jspecify.annotations.Nullable;

/**
 * Reads a whole hello (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2) from an array: its fixed part, then its extensions one by one.
 * Every length must agree exactly with the one around it.
 */
final class HelloParser {
    private static final int RANDOM_BYTES = 32;
    private static final int SESSION_ID_BYTES_MAX = 32;
    private static final int COMPRESSION_NULL = 0;

    private final int extensionCountMax;
    private final HelloCursor cursor = new HelloCursor();
    private final ExtensionParser extensions;
    private final int[] extensionTypes;

    private boolean onlyNullCompression;

    HelloParser(HelloLimits limits) {
        this.extensionCountMax = limits.extensionCount();
        this.extensions = new ExtensionParser(limits.protocolCount());
        this.extensionTypes = new int[limits.extensionCount()];
    }

    /**
     * Reads the handshake message of {@code length} bytes at the start of {@code bytes} into {@code hello}, which is clear
     * and looks at the same array. Codes move over reserved ones, and the server name becomes lower case, in place.
     *
     * @return what is wrong with it, or null
     */
    @Nullable
    HelloViolation parse(byte[] bytes, int length, ClientHello hello) {
        cursor.set(bytes, Wire.MESSAGE_HEADER_BYTES, length);
        HelloViolation violation = fixedPart(bytes, hello);
        if (violation == null) {
            // TLS 1.2 and older may do without extensions (RFC 5246 §7.4.1.2).
            violation = cursor.remaining() == 0 ? null : extensionList(bytes, hello);
        }
        return violation != null ? violation : judge(hello);
    }

    private @Nullable HelloViolation fixedPart(byte[] bytes, ClientHello hello) {
        int version = cursor.u16();
        if (version < 0) {
            return HelloViolation.TRUNCATED;
        }
        if (version < ClientHello.TLS_1_0) {
            return HelloViolation.VERSION_TOO_OLD;
        }
        hello.legacyVersion(version);
        if (!cursor.skip(RANDOM_BYTES)) {
            return HelloViolation.TRUNCATED;
        }
        HelloViolation violation = sessionId();
        violation = violation != null ? violation : cipherSuites(hello);
        return violation != null ? violation : compressionMethods(bytes);
    }

    private @Nullable HelloViolation sessionId() {
        int length = cursor.skipVector8();
        if (length < 0) {
            return HelloViolation.TRUNCATED;
        }
        return length > SESSION_ID_BYTES_MAX ? HelloViolation.SESSION_ID_TOO_LONG : null;
    }

    private @Nullable HelloViolation cipherSuites(ClientHello hello) {
        int length = cursor.skipVector16();
        if (length < 0) {
            return HelloViolation.TRUNCATED;
        }
        if (length == 0 || length % 2 != 0) {
            return HelloViolation.CIPHER_SUITES_LENGTH;
        }
        hello.cipherSuites().take(cursor.index() - length, length);
        return null;
    }

    private @Nullable HelloViolation compressionMethods(byte[] bytes) {
        int length = cursor.skipVector8();
        if (length < 0) {
            return HelloViolation.TRUNCATED;
        }
        if (length == 0) {
            return HelloViolation.COMPRESSION_LENGTH;
        }
        boolean nullOffered = false;
        for (int i = cursor.index() - length; i < cursor.index(); i++) {
            nullOffered |= bytes[i] == COMPRESSION_NULL;
        }
        onlyNullCompression = nullOffered && length == 1;
        return nullOffered ? null : HelloViolation.COMPRESSION_NULL_MISSING;
    }

    private @Nullable HelloViolation extensionList(byte[] bytes, ClientHello hello) {
        int length = cursor.u16();
        if (length < 0 || length > cursor.remaining()) {
            return HelloViolation.TRUNCATED;
        }
        if (length < cursor.remaining()) {
            return HelloViolation.TRAILING_BYTES;
        }
        extensions.start();
        HelloViolation violation = null;
        for (int count = 0; violation == null && cursor.remaining() > 0; count++) {
            violation = extension(bytes, count, hello);
        }
        return violation;
    }

    private @Nullable HelloViolation extension(byte[] bytes, int count, ClientHello hello) {
        int type = cursor.u16();
        int length = cursor.skipVector16();
        if (type < 0 || length < 0) {
            return HelloViolation.TRUNCATED;
        }
        if (count == extensionCountMax) {
            return HelloViolation.EXTENSION_COUNT;
        }
        // Looked for among few, and those are bounded: no table is worth it.
        for (int i = 0; i < count; i++) {
            if (extensionTypes[i] == type) {
                return HelloViolation.EXTENSION_DUPLICATE;
            }
        }
        extensionTypes[count] = type;
        if (hello.offersPreSharedKey()) {
            return HelloViolation.PRE_SHARED_KEY_NOT_LAST;
        }
        return extensions.onExtension(type, bytes, cursor.index() - length, length, hello);
    }

    /** Judges the hello as a whole. */
    private @Nullable HelloViolation judge(ClientHello hello) {
        if (hello.offersPreSharedKey() && !extensions.isPskModesSeen()) {
            return HelloViolation.PSK_MODES_MISSING;
        }
        return hello.versions().contains(ClientHello.TLS_1_3) && !onlyNullCompression
                ? HelloViolation.COMPRESSION_FORBIDDEN
                : null;
    }
}
