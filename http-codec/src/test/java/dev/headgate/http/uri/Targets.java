package dev.headgate.http.uri;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;

/** Decoded heads around a target, and their parts as text. */
final class Targets {
    private Targets() {}

    static RequestHead decoded(String method, String target, String host, int slackBytes) {
        byte[] message = Wire.bytes(method + " " + target + " HTTP/1.1␍␊Host: " + host + "␍␊␍␊");
        return decoded(ByteBuffer.wrap(message), slackBytes);
    }

    static RequestHead decoded(ByteBuffer message, int slackBytes) {
        var head = new RequestHead();
        int answer = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(message, head);
        assertEquals(Decode.COMPLETE, answer, () -> "refused: " + head.violation());
        head.retain(ByteBuffer.allocateDirect(head.headLength() + slackBytes));
        return head;
    }

    static String path(RequestHead head) {
        return text(head, head.pathOffset(), head.pathLength());
    }

    static String query(RequestHead head) {
        return head.queryLength() < 0 ? "none" : text(head, head.queryOffset(), head.queryLength());
    }

    static String host(RequestHead head) {
        return text(head, head.hostOffset(), head.hostLength());
    }

    static String authority(RequestHead head) {
        return text(head, head.authorityOffset(), head.authorityLength());
    }

    private static String text(RequestHead head, int offset, int length) {
        var copy = new byte[length];
        head.bytes().get(offset, copy);
        return Wire.script(copy);
    }
}
