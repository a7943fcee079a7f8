package dev.headgate.affinity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.forward.PeerAddress;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Requests as exchanges have them when endpoints are chosen. */
final class AffinityHeads {
    private static final int ROOM = 4096;

    private AffinityHeads() {}

    /** A request for {@code target} with these field lines. */
    static RequestHead request(String target, String... lines) {
        StringBuilder text = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        ByteBuffer source = ByteBuffer.wrap(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        RequestHead head = new RequestHead();
        assertEquals(Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(source, head), target);
        head.retain(ByteBuffer.allocateDirect(head.headLength() + ROOM));
        assertNull(TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS));
        return head;
    }

    static PeerAddress peer(String address) {
        try {
            return PeerAddress.of(InetAddress.getByName(address)); // literals only: nothing is resolved
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
