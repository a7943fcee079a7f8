package dev.headgate.http.websocket;

import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.HopByHop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Judges both halves of an opening handshake over HTTP/1.1 (RFC 6455 §4), and makes what one of HTTP/2 lacks (RFC 8441 §5). Whoever joins two connections has to be as sure as the peers are that both
 * have left HTTP: where only one of them has, the bytes behind the heads would be requests to the other.
 */
public final class WebSocketHandshake {
    private static final byte[] WEBSOCKET = ascii("websocket");
    private static final byte[] UPGRADE = ascii("upgrade");
    private static final byte[] GET = ascii("GET");
    private static final byte[] KEY = ascii("sec-websocket-key");
    private static final byte[] VERSION = ascii("sec-websocket-version");
    private static final byte[] ACCEPT = ascii("sec-websocket-accept");
    private static final byte[] ACCEPT_ON_WIRE = ascii("Sec-WebSocket-Accept");
    private static final byte[] VERSION_13 = ascii("13");
    private static final byte[] GUID = ascii("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");

    /** Sixteen bytes in base 64: 21 digits, one that holds two bits, and two signs that there is no more (RFC 4648 §4). */
    private static final int KEY_LENGTH = 24;

    private static final int KEY_DIGITS = 22;
    private static final int DIGEST_BYTES = 20;

    private final MessageDigest sha1 = sha1();
    private final byte[] keyAndGuid = new byte[KEY_LENGTH + GUID.length];
    private final byte[] digest = new byte[DIGEST_BYTES];
    private final byte[] expected = new byte[(DIGEST_BYTES + 2) / 3 * 4];

    public WebSocketHandshake() {
        System.arraycopy(GUID, 0, keyAndGuid, KEY_LENGTH, GUID.length);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1"); // Every Java platform has it.
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether a request asks to switch to WebSocket. To be asked before {@link HopByHop#strip}, which takes away what says so.
     *
     * <p>A request with content is none: its content would stand between the head and the frames, and whoever does not wait for its end takes it
     * for them. Nor is one of HTTP/1.0 (RFC 9110 §7.8).
     */
    public static boolean isAskedFor(RequestHead head) {
        FieldSection fields = head.fields();
        return fields.contains(Field.UPGRADE)
                && head.version() == HttpVersion.HTTP_1_1
                && head.method() == Method.GET
                && head.bodyKind() == BodyKind.NONE
                && HopByHop.lists(fields, Field.CONNECTION, UPGRADE)
                && HopByHop.lists(fields, Field.UPGRADE, WEBSOCKET);
    }

    /** Bytes that {@link #completeRequest} adds to the store. */
    public static final int COMPLETED_BYTES = KEY.length + VERSION.length + KEY_LENGTH + 32;

    /**
     * Gives a request that has come as an extended CONNECT the form that it has in HTTP/1.1: a GET with a key, which HTTP/2 does without (RFC 8441 §5).
     *
     * @param head retained, with room for {@link #COMPLETED_BYTES}
     * @param high half of the key, by chance
     * @return false when there is no room
     */
    public static boolean completeRequest(RequestHead head, long high, long low) {
        int method = head.reserve(GET.length);
        if (method < 0) {
            return false;
        }
        head.bytes().put(method, GET);
        head.method(Method.GET, method, GET.length);
        head.framing(BodyKind.NONE, -1);
        head.webSocket(true);
        FieldSection fields = head.fields();
        fields.removeAll(KEY);
        return fields.add(KEY, key(high, low));
    }

    private static byte[] key(long high, long low) {
        byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return Base64.getEncoder().encode(bytes);
    }

    /** Takes out of a head that grants a WebSocket what only HTTP/1.1 has need of (RFC 8441 §5). */
    public static void withoutProof(FieldSection response) {
        response.removeAll(ACCEPT);
    }

    /** Whether a request that asks for a WebSocket has all that a server needs to grant it: a key, and the one version that there is (RFC 6455 §4.2.1). */
    public static boolean isComplete(FieldSection request) {
        int version = only(request, VERSION);
        int key = only(request, KEY);
        return version >= 0
                && request.valueEqualsIgnoreCase(version, VERSION_13)
                && key >= 0
                && isKey(request.bytes(), request.valueOffset(key), request.valueLength(key));
    }

    private static boolean isKey(ByteBuffer bytes, int offset, int length) {
        if (length != KEY_LENGTH
                || bytes.get(offset + KEY_DIGITS) != '='
                || bytes.get(offset + KEY_DIGITS + 1) != '=') {
            return false;
        }
        for (int i = 0; i < KEY_DIGITS; i++) {
            if (!isDigit(bytes.get(offset + i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/';
    }

    /**
     * Whether a 101 grants what {@code request} has asked for (RFC 6455 §4.1): it names the same protocol, and its
     * {@code Sec-WebSocket-Accept} answers the key. To be asked before {@link HopByHop#strip} of the response.
     */
    public boolean isGrantedBy(ResponseHead head, FieldSection request) {
        FieldSection fields = head.fields();
        int upgrade = fields.find(Field.UPGRADE);
        int accept = only(fields, ACCEPT);
        return head.isSwitchingProtocols()
                && head.version() == HttpVersion.HTTP_1_1
                && upgrade >= 0
                && fields.findNext(Field.UPGRADE, upgrade) < 0
                && fields.valueEqualsIgnoreCase(upgrade, WEBSOCKET)
                && HopByHop.lists(fields, Field.CONNECTION, UPGRADE)
                && accept >= 0
                && isComplete(request)
                && answers(fields, accept, request);
    }

    /**
     * Gives a head that grants a WebSocket the proof that its client wants, in place of any that it has: an origin that speaks HTTP/2 has none to
     * give (RFC 8441 §5).
     *
     * @param response retained, with room for a line
     * @return false when the request has no key, or there is no room
     */
    public boolean prove(FieldSection response, FieldSection request) {
        if (!isComplete(request)) {
            return false;
        }
        response.removeAll(ACCEPT);
        computeAnswer(request);
        return response.add(ACCEPT_ON_WIRE, expected);
    }

    private boolean answers(FieldSection response, int accept, FieldSection request) {
        computeAnswer(request);
        if (response.valueLength(accept) != expected.length) {
            return false;
        }
        ByteBuffer bytes = response.bytes();
        int offset = response.valueOffset(accept);
        for (int i = 0; i < expected.length; i++) {
            if (bytes.get(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** What the key of a request has to be answered with, into {@link #expected}. */
    private void computeAnswer(FieldSection request) {
        int key = only(request, KEY);
        request.bytes().get(request.valueOffset(key), keyAndGuid, 0, KEY_LENGTH);
        sha1.update(keyAndGuid);
        try {
            sha1.digest(digest, 0, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException(e); // There is room.
        }
        Base64.getEncoder().encode(digest, expected);
    }

    /** The entry with this name when there is exactly one, or −1. */
    private static int only(FieldSection fields, byte[] lowerCaseName) {
        int first = fields.find(lowerCaseName);
        return first >= 0 && fields.findNext(lowerCaseName, first) < 0 ? first : -1;
    }
}
