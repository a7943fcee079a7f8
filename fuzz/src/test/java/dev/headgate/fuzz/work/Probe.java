package dev.headgate.fuzz.work;

import dev.headgate.engine.io.Chance;
import dev.headgate.forward.ForwardingFields;
import dev.headgate.forward.Ingress;
import dev.headgate.forward.PeerAddress;
import dev.headgate.forward.RequestIdentity;
import dev.headgate.forward.TrustedProxies;
import dev.headgate.forward.Via;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.BodyDecoder;
import dev.headgate.http.h1.ChunkEncoder;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.HopByHop;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.h1.ResponseHeadDecoder;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.hello.ClientHelloReader;
import dev.headgate.tls.hello.HelloLimits;
import dev.headgate.tls.hello.HelloOutcome;
import dev.headgate.tls.hello.HelloScan;
import dev.headgate.tls.trust.RevocationReader;
import dev.headgate.tls.trust.TrustLimits;
import dev.headgate.tls.trust.TrustReader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done with an input while the work is counted. Each is also what its loader makes of it. */
public enum Probe implements Consumer<byte[]> {
    /** A request that arrives whole. */
    REQUEST_HEAD {
        @Override
        public void accept(byte[] input) {
            requestHead(input);
        }
    },
    /** A request that arrives byte by byte. */
    SLOW_REQUEST_HEAD {
        @Override
        public void accept(byte[] input) {
            slowRequestHead(input, Http1Limits.DEFAULTS);
        }
    },
    /** The same with limits as wide as a configuration can have them. */
    WIDE_SLOW_REQUEST_HEAD {
        @Override
        public void accept(byte[] input) {
            slowRequestHead(input, WIDEST);
        }
    },
    /** A response that arrives byte by byte. */
    SLOW_RESPONSE_HEAD {
        @Override
        public void accept(byte[] input) {
            slowResponseHead(input, Http1Limits.RESPONSE_DEFAULTS);
        }
    },
    /** The same with limits as wide as a configuration can have them. */
    WIDE_SLOW_RESPONSE_HEAD {
        @Override
        public void accept(byte[] input) {
            slowResponseHead(input, WIDEST);
        }
    },
    /** A chunked body that arrives byte by byte, and its trailers written again. */
    SLOW_CHUNKED_BODY {
        @Override
        public void accept(byte[] input) {
            var body = new BodyDecoder();
            body.start(BodyKind.CHUNKED, -1, Http1Limits.DEFAULTS);
            ByteBuffer source = ByteBuffer.wrap(input);
            int answer = Decode.NEED_MORE;
            for (int there = 1; there <= input.length && answer == Decode.NEED_MORE; there++) {
                source.limit(there);
                while ((answer = body.next(source)) == Decode.DATA) {
                    source.position(source.position() + body.dataLength());
                    body.taken(body.dataLength());
                }
            }
            if (answer == Decode.END) {
                ChunkEncoder.lastWithTrailers(ByteBuffer.allocate(input.length + 100), body.trailers());
            }
        }
    },
    /** All that a proxy does to a request's fields: strip, canonicalise, find the client, add, encode. */
    FORWARDED_REQUEST {
        @Override
        public void accept(byte[] input) {
            RequestHead head = requestHead(input);
            if (head == null) {
                return;
            }
            head.retain(ByteBuffer.allocate(4 * head.headLength() + 4096));
            HopByHop.strip(head.fields());
            if (TargetCanonicaliser.canonicalise(head, UriPolicy.DEFAULTS) != null) {
                return;
            }
            var forwarding = new ForwardingFields(TRUSTED, new Via("headgate"), CHANCE);
            forwarding.apply(head, PEER, new Ingress(Ingress.Scheme.HTTP, 80), new RequestIdentity());
            ByteBuffer out = ByteBuffer.allocate(8 * input.length + 4096);
            RequestEncoder.encode(out, head, null, head.bodyKind(), head.contentLength(), Persistence.PERSISTENT);
        }
    },
    /** A look-up of each line by its name, known or not. */
    FIND_FIELDS {
        @Override
        public void accept(byte[] input) {
            RequestHead head = requestHead(input);
            if (head == null) {
                return;
            }
            FieldSection fields = head.fields();
            for (int id = 1; id < 63; id++) {
                for (int i = fields.find(id); i >= 0; i = fields.findNext(id, i)) {
                    fields.isLive(i);
                }
            }
        }
    },
    /** What a client of TLS says first, byte by byte. */
    SLOW_HELLO {
        @Override
        public void accept(byte[] input) {
            slowHello(input, new ClientHelloReader(HelloLimits.DEFAULTS));
        }
    },
    /** The same as the hello itself, with limits as wide as they go. */
    WIDE_SLOW_HELLO_BODY {
        @Override
        public void accept(byte[] input) {
            ByteBuffer wire = ByteBuffer.allocate(2 * input.length + 100);
            ByteBuffer message = ByteBuffer.allocate(4 + input.length);
            message.putInt(1 << 24 | input.length).put(input).flip();
            while (message.hasRemaining()) {
                int length = Math.min(1 << 14, message.remaining());
                wire.put(new byte[] {22, 3, 1}).putShort((short) length);
                wire.put(message.slice(message.position(), length));
                message.position(message.position() + length);
            }
            slowHello(Arrays.copyOf(wire.array(), wire.position()), new ClientHelloReader(WIDEST_HELLO));
        }
    },
    /** A PEM text, read for certificates and for a key. */
    CREDENTIAL {
        @Override
        public void accept(byte[] input) {
            var reader = new CredentialReader(CredentialLimits.DEFAULTS);
            reader.readPem(input, input, null, Instant.EPOCH);
            reader.readPkcs12(input, new char[0], null, Instant.EPOCH);
        }
    },
    /** A PEM text, read for trust anchors and for revocation lists. */
    TRUST {
        @Override
        public void accept(byte[] input) {
            new TrustReader(TrustLimits.DEFAULTS).readPem(input, Instant.EPOCH);
            new RevocationReader(TrustLimits.DEFAULTS).read(input, Instant.EPOCH);
        }
    },
    /** All that the assembled proxy does to a message: decode, route, forward, answer, log. */
    PROXY {
        @Override
        public void accept(byte[] input) {
            BY_DEFAULT.pass(input);
        }
    },
    /** The same with limits as wide as a configuration can have them. */
    WIDE_PROXY {
        @Override
        public void accept(byte[] input) {
            AS_WIDE_AS_MAY_BE.pass(input);
        }
    };

    private static final Http1Limits WIDEST =
            Http1Limits.DEFAULTS.withLines(64 << 10, 64 << 10).withHead(128 << 10, 1_000);
    private static final ProbedProxy BY_DEFAULT = new ProbedProxy("", "");
    private static final ProbedProxy AS_WIDE_AS_MAY_BE = new ProbedProxy(
            "limits: {requestLine: 64KiB, headerLine: 64KiB, headerBytes: 128KiB, headerCount: 1000}",
            "limits: {headerBytes: 128KiB, headerCount: 1000}");
    private static final TrustedProxies TRUSTED = TrustedProxies.parse(List.of("10.0.0.0/8"));
    private static final PeerAddress PEER = PeerAddress.of(InetAddress.ofLiteral("10.0.0.1"));
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

    private static final HelloLimits WIDEST_HELLO = new HelloLimits(64 << 10, 1_028, 256 << 10, 256, 256);

    private static void slowHello(byte[] wire, ClientHelloReader reader) {
        var scan = new HelloScan();
        ByteBuffer source = ByteBuffer.wrap(wire);
        HelloOutcome outcome = HelloOutcome.NEED_MORE;
        for (int there = 1; there <= wire.length && outcome == HelloOutcome.NEED_MORE; there++) {
            outcome = reader.read(source.limit(there), scan);
        }
    }

    private static void slowRequestHead(byte[] input, Http1Limits limits) {
        var head = new RequestHead();
        var decoder = new RequestHeadDecoder(limits);
        ByteBuffer source = ByteBuffer.wrap(input);
        int answer = Decode.NEED_MORE;
        for (int there = 1; there <= input.length && answer == Decode.NEED_MORE; there++) {
            answer = decoder.decode(source.limit(there), head);
        }
    }

    private static void slowResponseHead(byte[] input, Http1Limits limits) {
        var head = new ResponseHead();
        var decoder = new ResponseHeadDecoder(limits);
        ByteBuffer source = ByteBuffer.wrap(input);
        int answer = Decode.NEED_MORE;
        for (int there = 1; there <= input.length && answer == Decode.NEED_MORE; there++) {
            answer = decoder.decode(source.limit(there), head, Method.GET);
        }
    }

    private static @Nullable RequestHead requestHead(byte[] input) {
        var head = new RequestHead();
        int answer = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(input), head);
        return answer == Decode.COMPLETE ? head : null;
    }
}
