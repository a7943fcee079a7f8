package dev.headgate.tls.hello;

import org.jspecify.annotations.Nullable;

/**
 * Reads the content of the extensions that matter to a proxy, one method per type, and passes over the others. Every list
 * must fill its extension exactly.
 */
final class ExtensionParser {
    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int APPLICATION_LAYER_PROTOCOL_NEGOTIATION = 16;
    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int EARLY_DATA = 42;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int PSK_KEY_EXCHANGE_MODES = 45;
    private static final int SIGNATURE_ALGORITHMS_CERT = 50;

    private static final int HOST_NAME = 0;
    private static final int CODE_BYTES = 2;
    private static final int TICKET_AGE_BYTES = 4;
    private static final int IDENTITIES_BYTES_MIN = 7;
    private static final int BINDER_BYTES_MIN = 32;

    private final int protocolCountMax;
    private final HelloCursor cursor = new HelloCursor();

    private boolean pskModesSeen;

    ExtensionParser(int protocolCountMax) {
        this.protocolCountMax = protocolCountMax;
    }

    void start() {
        pskModesSeen = false;
    }

    boolean isPskModesSeen() {
        return pskModesSeen;
    }

    /** Takes the content into {@code hello}, and says what is wrong with it, if anything is. */
    @Nullable
    HelloViolation onExtension(int type, byte[] bytes, int offset, int length, ClientHello hello) {
        cursor.set(bytes, offset, offset + length);
        return switch (type) {
            case SERVER_NAME -> serverName(bytes, hello);
            case SUPPORTED_GROUPS -> codes16(hello.groups(), HelloViolation.GROUPS_LENGTH);
            case SIGNATURE_ALGORITHMS -> codes16(hello.signatureSchemes(), HelloViolation.SIGNATURE_ALGORITHMS_LENGTH);
            case SIGNATURE_ALGORITHMS_CERT ->
                codes16(hello.certificateSignatureSchemes(), HelloViolation.SIGNATURE_ALGORITHMS_LENGTH);
            case SUPPORTED_VERSIONS -> supportedVersions(hello.versions());
            case APPLICATION_LAYER_PROTOCOL_NEGOTIATION -> protocols(bytes, hello);
            case SESSION_TICKET -> sessionTicket(length, hello);
            case EARLY_DATA -> earlyData(length, hello);
            case PSK_KEY_EXCHANGE_MODES -> pskModes();
            case PRE_SHARED_KEY -> preSharedKey(hello);
            default -> null; // unknown, reserved, or the TLS engine's alone
        };
    }

    /** RFC 6066 §3: a list of names of different kinds, of which one kind exists. */
    private @Nullable HelloViolation serverName(byte[] bytes, ClientHello hello) {
        if (!cursor.enterRest16(1)) {
            return HelloViolation.SERVER_NAME_LENGTH;
        }
        boolean seen = false;
        while (cursor.remaining() > 0) {
            int type = cursor.u8();
            int length = cursor.skipVector16();
            if (length < 0) {
                return HelloViolation.SERVER_NAME_LENGTH;
            }
            // A reader that knows no other kind cannot know where its name ends; some stop here, some go on.
            if (type != HOST_NAME) {
                return HelloViolation.SERVER_NAME_TYPE;
            }
            if (seen) {
                return HelloViolation.SERVER_NAME_DUPLICATE;
            }
            seen = true;
            HelloViolation violation = hostName(bytes, cursor.index() - length, length, hello);
            if (violation != null) {
                return violation;
            }
        }
        return null;
    }

    private static @Nullable HelloViolation hostName(byte[] bytes, int offset, int sentLength, ClientHello hello) {
        int length = ServerNameSyntax.lengthWithoutDot(bytes, offset, sentLength);
        if (ServerNameSyntax.isAddress(bytes, offset, length)) {
            hello.onServerNameAddress();
            return null;
        }
        if (!ServerNameSyntax.takeName(bytes, offset, length)) {
            return HelloViolation.SERVER_NAME_INVALID;
        }
        hello.serverName(offset, length);
        return null;
    }

    /** RFC 7301 §3.1: names of 1 to 255 bytes. */
    private @Nullable HelloViolation protocols(byte[] bytes, ClientHello hello) {
        if (!cursor.enterRest16(CODE_BYTES)) {
            return HelloViolation.ALPN_LENGTH;
        }
        hello.onProtocols();
        while (cursor.remaining() > 0) {
            int offset = cursor.index();
            int length = cursor.skipVector8();
            if (length < 0) {
                return HelloViolation.ALPN_LENGTH;
            }
            if (length == 0) {
                return HelloViolation.ALPN_NAME_EMPTY;
            }
            if (isReservedProtocol(bytes, offset + 1, length)) {
                continue;
            }
            if (hello.protocolCount() == protocolCountMax) {
                return HelloViolation.ALPN_COUNT;
            }
            hello.addProtocol(offset);
        }
        return null;
    }

    private static boolean isReservedProtocol(byte[] bytes, int offset, int length) {
        return length == CODE_BYTES && CodeList.isReserved((bytes[offset] & 0xFF) << 8 | bytes[offset + 1] & 0xFF);
    }

    private @Nullable HelloViolation codes16(CodeList codes, HelloViolation violation) {
        return cursor.enterRest16(CODE_BYTES) && takeRest(codes) ? null : violation;
    }

    private @Nullable HelloViolation supportedVersions(CodeList versions) {
        return cursor.enterRest8(CODE_BYTES) && takeRest(versions) ? null : HelloViolation.SUPPORTED_VERSIONS_LENGTH;
    }

    private boolean takeRest(CodeList codes) {
        int length = cursor.remaining();
        if (length % CODE_BYTES != 0) {
            return false;
        }
        codes.take(cursor.index(), length);
        return true;
    }

    private static @Nullable HelloViolation sessionTicket(int length, ClientHello hello) {
        hello.sessionTicketLength(length);
        return null;
    }

    private static @Nullable HelloViolation earlyData(int length, ClientHello hello) {
        hello.onEarlyData();
        return length == 0 ? null : HelloViolation.EARLY_DATA_LENGTH;
    }

    private @Nullable HelloViolation pskModes() {
        pskModesSeen = true;
        return cursor.enterRest8(1) ? null : HelloViolation.PSK_MODES_LENGTH;
    }

    /** RFC 8446 §4.2.11: identities with the age of each, then as many binders. */
    private @Nullable HelloViolation preSharedKey(ClientHello hello) {
        hello.onPreSharedKey();
        int identitiesLength = cursor.u16();
        if (identitiesLength < IDENTITIES_BYTES_MIN || identitiesLength > cursor.remaining()) {
            return HelloViolation.PRE_SHARED_KEY_LENGTH;
        }
        int identitiesEnd = cursor.index() + identitiesLength;
        int identityCount = 0;
        while (cursor.index() < identitiesEnd) {
            if (cursor.skipVector16() < 1 || !cursor.skip(TICKET_AGE_BYTES)) {
                return HelloViolation.PRE_SHARED_KEY_LENGTH;
            }
            identityCount++;
        }
        if (cursor.index() != identitiesEnd || !cursor.enterRest16(BINDER_BYTES_MIN + 1)) {
            return HelloViolation.PRE_SHARED_KEY_LENGTH;
        }
        int binderCount = 0;
        while (cursor.remaining() > 0) {
            if (cursor.skipVector8() < BINDER_BYTES_MIN) {
                return HelloViolation.PRE_SHARED_KEY_LENGTH;
            }
            binderCount++;
        }
        return binderCount == identityCount ? null : HelloViolation.PRE_SHARED_KEY_BINDERS;
    }
}
