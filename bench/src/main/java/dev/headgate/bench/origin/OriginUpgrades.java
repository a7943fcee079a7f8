package dev.headgate.bench.origin;

import dev.headgate.engine.LoopConfined;
import dev.headgate.http.FieldSection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Grants WebSockets (RFC 6455 §4.2.2). */
@LoopConfined
final class OriginUpgrades {
    private static final byte[] KEY = "sec-websocket-key".getBytes(StandardCharsets.US_ASCII);
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String HEAD =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: ";

    private final MessageDigest sha1 = sha1();

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1"); // Every Java platform has it.
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer to a request that has all that it needs. */
    byte[] grant(FieldSection request) {
        String key = request.value(request.find(KEY));
        byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
        String head = HEAD + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
        return head.getBytes(StandardCharsets.US_ASCII);
    }
}
