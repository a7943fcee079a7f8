package dev.headgate.forward;

import dev.headgate.bench.parts.Heads;
import dev.headgate.engine.io.Chance;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does the template of forwarding fields gain for clients that speak to us directly, over the general way, field by field, which
 * requests of trusted proxies take? Each decodes and retains the head as well; {@code neither} does only that. In this package because
 * nobody else makes these fields.
 */
@State(Scope.Thread)
public class FirstHopBench {
    private static final Chance CHANCE = new Chance() {
        private final SplittableRandom random = new SplittableRandom(1);

        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public int nextInt(int bound) {
            return random.nextInt(bound);
        }
    };

    private final ForwardingFields forwarding =
            new ForwardingFields(TrustedProxies.parse(List.of("10.0.0.0/8")), new Via("headgate"), CHANCE);
    private final Ingress ingress = new Ingress(Ingress.Scheme.HTTP, 8080);
    private final RequestHeadDecoder decoder = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final RequestHead head = new RequestHead();
    private final RequestIdentity identity = new RequestIdentity();
    private final ByteBuffer store = ByteBuffer.allocateDirect(16 * 1024);
    private final ByteBuffer source = Heads.BROWSER.bytes();
    private final PeerAddress client = peer(203, 0, 113, 9);
    private final PeerAddress trustedProxy = peer(10, 0, 0, 1);

    private static PeerAddress peer(int... address) {
        byte[] bytes = new byte[address.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) address[i];
        }
        try {
            return PeerAddress.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Setup
    public void setUp() {
        if (!template() || !general()) {
            throw new IllegalStateException("the head does not forward");
        }
    }

    @Benchmark
    public boolean template() {
        return decode() && forwarding.apply(head, client, ingress, identity);
    }

    @Benchmark
    public boolean general() {
        return decode() && forwarding.apply(head, trustedProxy, ingress, identity);
    }

    @Benchmark
    public boolean neither() {
        return decode();
    }

    private boolean decode() {
        head.clear();
        boolean isWhole = decoder.decode(source.position(0), head) == Decode.COMPLETE;
        head.retain(store);
        return isWhole;
    }
}
