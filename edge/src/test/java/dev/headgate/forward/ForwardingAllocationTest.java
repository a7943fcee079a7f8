package dev.headgate.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardingAllocationTest {
    private static final int WARM_UPS = 30_000;
    private static final int CALLS = 100_000;

    private final ForwardingFields forwarding = new ForwardingFields(
            TrustedProxies.parse(List.of("10.0.0.0/8", "fd00::/8")), new Via("headgate"), new Heads.Counter());
    private final HeaderEdits edits = HeaderEdits.builder()
            .remove("x-debug")
            .remove("Cookie")
            .set("User-Agent", "headgate")
            .add("Cache-Control", "no-store")
            .build();
    private final IdentityPolicy policy = IdentityPolicy.withServerText("headgate", IdentityPolicy.Origin.STRIP);
    private final Ingress ingress = new Ingress(Ingress.Scheme.HTTP, 8080);
    private final RequestHeadDecoder decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final RequestHead head = new RequestHead();
    private final FieldSection response = new FieldSection();
    private final RequestIdentity identity = new RequestIdentity();
    private final ByteBuffer store = ByteBuffer.allocateDirect(16 * 1024);
    private final ByteBuffer responseStore = ByteBuffer.allocateDirect(4 * 1024);

    @Test
    void allocatesNothingForUntrustedPeers() {
        assertEquals(0, bytesPerCall("203.0.113.9", "X-Forwarded-For: 127.0.0.1\r\nX-Original-URL: /admin\r\n"));
    }

    @Test
    void allocatesNothingForTrustedPeers() {
        assertEquals(0, bytesPerCall("10.0.0.1", "X-Forwarded-For: 2001:db8::1, 10.0.0.2\r\nVia: 1.1 x (y)\r\n"));
        assertEquals(0, bytesPerCall("fd00::1", "Forwarded: for=\"[2001:db8::1]\", for=10.0.0.2\r\n"));
    }

    private long bytesPerCall(String address, String lines) {
        ByteBuffer source = ByteBuffer.allocateDirect(1024);
        source.put(Heads.bytes("GET / HTTP/1.1\r\nHost: example.com\r\nX-Debug: 1\r\n" + lines + "\r\n"))
                .flip();
        PeerAddress peer = Heads.peer(address);
        run(source, peer, WARM_UPS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(source, peer, CALLS);
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }

    private void run(ByteBuffer source, PeerAddress peer, int calls) {
        for (int i = 0; i < calls; i++) {
            head.clear();
            boolean isDone = decoder.decode(source.position(0), head) == Decode.COMPLETE;
            head.retain(store);
            isDone &= forwarding.apply(head, peer, ingress, identity) && edits.apply(head.fields());
            response.startIn(responseStore);
            isDone &= policy.apply(response) && identity.addRequestIdTo(response, head);
            if (!isDone) {
                throw new AssertionError("a step failed");
            }
        }
    }
}
