package dev.headgate.fuzz.targets;

import dev.headgate.engine.io.Chance;
import dev.headgate.forward.ClientResolver;
import dev.headgate.forward.ForwardingFields;
import dev.headgate.forward.Ingress;
import dev.headgate.forward.IpAddress;
import dev.headgate.forward.PeerAddress;
import dev.headgate.forward.RequestIdentity;
import dev.headgate.forward.TrustedProxies;
import dev.headgate.forward.Via;
import dev.headgate.fuzz.oracle.PlainClient;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.HopByHop;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input is field lines of a request, which comes from a trusted proxy and again from a stranger. */
final class ForwardedTarget {
    private static final TrustedProxies TRUSTED = TrustedProxies.parse(List.of("10.0.0.0/8", "fd00::/8"));
    private static final PeerAddress PROXY = peer("10.0.0.1");
    private static final PeerAddress STRANGER = peer("203.0.113.9");
    private static final PeerAddress OURSELVES = peer("10.0.0.99");
    private static final Ingress INGRESS = new Ingress(Ingress.Scheme.HTTPS, 443);

    /** The resolver stops at 8 KiB of list and 50 hops; near those, what it must find is for its own tests. */
    private static final int LIST_BYTES_SURE = 8_000;

    private static final int HOPS_SURE = 48;

    /** Room for what the proxy adds to the largest head that it takes. */
    private static final Http1Limits WIDE =
            Http1Limits.DEFAULTS.withLines(1 << 10, 64 << 10).withHead(128 << 10, 200);

    /** Ids need not be random here. */
    private static final Chance CHANCE = new Chance() {
        @Override
        public long nextLong() {
            return 4;
        }

        @Override
        public int nextInt(int bound) {
            return 0;
        }
    };

    private ForwardedTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        for (PeerAddress peer : new PeerAddress[] {PROXY, STRANGER}) {
            RequestHead head = decoded(request(input), Http1Limits.DEFAULTS);
            if (head != null) {
                judge(head, peer);
            }
        }
    }

    private static void judge(RequestHead head, PeerAddress peer) {
        HopByHop.strip(head.fields());
        List<String> forwardedFor = values(head, Field.X_FORWARDED_FOR);
        List<String> forwarded = values(head, Field.FORWARDED);
        boolean isProxy = peer == PROXY;
        String expected = !isProxy
                ? hex(peer)
                : forwardedFor.isEmpty()
                        ? PlainClient.ofForwarded(forwarded, hex(peer), ForwardedTarget::isTrusted)
                        : PlainClient.ofForwardedFor(forwardedFor, hex(peer), ForwardedTarget::isTrusted);
        boolean isSure = bytes(forwardedFor) < LIST_BYTES_SURE && bytes(forwarded) < LIST_BYTES_SURE;

        var client = new IpAddress();
        var resolver = new ClientResolver(TRUSTED);
        Laws.keepsLittle(bytes(forwardedFor) + bytes(forwarded), () -> resolver.resolve(head, peer, client));

        if (isSure) {
            Laws.same(expected == null ? hex(peer) : expected, hex(client), "client");
        }
        checkForwarding(head, peer, client);
        if (isSure && expected != null && hops(forwardedFor) < HOPS_SURE && hops(forwarded) < HOPS_SURE) {
            checkNextHop(head, client);
        }
    }

    /** Both lists end in the peer, in one line each; of a stranger's nothing stays. */
    private static void checkForwarding(RequestHead head, PeerAddress peer, IpAddress client) {
        var forwarding = new ForwardingFields(TRUSTED, new Via("headgate"), CHANCE);
        int start = head.fields().appendOffset();
        int bytesMax = forwarding.addedBytesMax(head, peer);
        var identity = new RequestIdentity();
        Laws.check(forwarding.apply(head, peer, INGRESS, identity), () -> "no room");
        int added = head.fields().appendOffset() - start;
        Laws.check(added <= bytesMax, () -> "added " + added + " bytes, said " + bytesMax);
        Laws.same(hex(client), hex(identity.client()), "client of the identity");

        List<String> forwardedFor = values(head, Field.X_FORWARDED_FOR);
        List<String> forwarded = values(head, Field.FORWARDED);
        Laws.same(1, forwardedFor.size(), "X-Forwarded-For lines");
        Laws.same(1, forwarded.size(), "Forwarded lines");
        String list = forwardedFor.getFirst();
        Laws.same(peer.toString(), list.substring(list.lastIndexOf(',') + 1).strip(), "last hop");
        Laws.check(PlainClient.isForwarded(forwarded.getFirst()), () -> "malformed: " + forwarded);
        if (peer == STRANGER) {
            Laws.same(peer.toString(), list, "a stranger's list");
            Laws.same("for=203.0.113.9;host=example.com;proto=https", forwarded.getFirst(), "a stranger's list");
        }
    }

    /** A proxy behind us that trusts us finds the same client. */
    private static void checkNextHop(RequestHead head, IpAddress client) {
        RequestHead received = decoded(written(head), WIDE);
        if (received == null) {
            throw new AssertionError("written, but refused");
        }
        var seen = new IpAddress();
        new ClientResolver(TRUSTED).resolve(received, OURSELVES, seen);
        Laws.same(hex(client), hex(seen), "client as the next proxy sees it");
    }

    private static byte[] written(RequestHead head) {
        ByteBuffer out = ByteBuffer.allocate(128 << 10);
        Laws.check(RequestEncoder.encode(out, head, null, BodyKind.NONE, -1, Persistence.PERSISTENT), () -> "no room");
        var bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private static byte[] request(byte[] lines) {
        String text = new String(lines, StandardCharsets.ISO_8859_1);
        return ("GET / HTTP/1.1\r\nHost: example.com\r\n" + text + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static @Nullable RequestHead decoded(byte[] message, Http1Limits limits) {
        var head = new RequestHead();
        if (new RequestHeadDecoder(limits).decode(ByteBuffer.wrap(message), head) != Decode.COMPLETE) {
            return null;
        }
        head.retain(ByteBuffer.allocate(2 * head.headLength() + 4096));
        return head;
    }

    private static List<String> values(RequestHead head, int id) {
        FieldSection fields = head.fields();
        var values = new ArrayList<String>();
        for (int i = fields.find(id); i >= 0; i = fields.findNext(id, i)) {
            values.add(fields.value(i));
        }
        return values;
    }

    private static int bytes(List<String> values) {
        return values.stream().mapToInt(value -> value.length() + 1).sum();
    }

    private static long hops(List<String> values) {
        return values.size()
                + values.stream()
                        .flatMapToInt(String::chars)
                        .filter(c -> c == ',')
                        .count();
    }

    private static boolean isTrusted(String address) {
        return address.startsWith("00000000000000000000ffff0a") || address.startsWith("fd");
    }

    private static String hex(PeerAddress address) {
        return hex(address.high(), address.low());
    }

    private static String hex(IpAddress address) {
        return hex(address.high(), address.low());
    }

    private static String hex(long high, long low) {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }

    private static PeerAddress peer(String address) {
        return PeerAddress.of(InetAddress.ofLiteral(address));
    }
}
