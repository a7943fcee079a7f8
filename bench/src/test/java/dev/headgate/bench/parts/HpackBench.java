package dev.headgate.bench.parts;

import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.HopByHop;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.hpack.HpackDecoder;
import dev.headgate.http.hpack.HpackEncoder;
import dev.headgate.http.hpack.HpackLimits;
import dev.headgate.http.hpack.HpackName;
import dev.headgate.http.hpack.HpackSink;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How long does a request's field block take to decode and to encode, the first on its connection and a later one, beside
 * the same head in HTTP/1.1?
 */
@State(Scope.Thread)
public class HpackBench {
    private static final HpackLimits LIMITS = new HpackLimits(100, 32 << 10, 256);

    @Param({"LOAD_GENERATOR", "BROWSER", "BROWSER_HINTS"})
    private Heads head = Heads.BROWSER;

    private final RequestHead request = new RequestHead();
    private final RequestHead decoded = new RequestHead();
    private final RequestHeadDecoder requests = new RequestHeadDecoder(Http1Limits.DEFAULTS);
    private final ByteBuffer store = ByteBuffer.allocateDirect(LIMITS.storeBytes());
    private final ByteBuffer first = ByteBuffer.allocateDirect(4 << 10);
    private final ByteBuffer later = ByteBuffer.allocateDirect(4 << 10);
    private final ByteBuffer out = ByteBuffer.allocateDirect(4 << 10);
    private final HpackEncoder encoder = new HpackEncoder(4096);
    private final HpackDecoder decoder = new HpackDecoder();
    private final Collector fields = new Collector();
    private ByteBuffer http1 = ByteBuffer.allocate(0);

    @Setup
    public void setUp() {
        http1 = head.bytes();
        requests.decode(http1.position(0), request);
        request.retain(ByteBuffer.allocateDirect(4 << 10));
        HopByHop.strip(request.fields());
        encode(first.clear());
        decode(first);
        decode(encode(out.clear())); // puts what comes twice into the tables
        int count = decode(encode(later.clear()));
        if (count != decode(first) || later.position() >= first.position()) {
            throw new IllegalStateException("fields=" + count + ", bytes=" + later.position());
        }
    }

    @Benchmark
    public int decodeFirst() {
        return decode(first);
    }

    @Benchmark
    public int decodeLater() {
        return decode(later);
    }

    @Benchmark
    public ByteBuffer encodeLater() {
        return encode(out.clear());
    }

    @Benchmark
    public int decodeHttp1() {
        decoded.clear();
        return requests.decode(http1.position(0), decoded);
    }

    private ByteBuffer encode(ByteBuffer to) {
        encoder.begin(to);
        ByteBuffer bytes = request.bytes();
        encoder.known(to, HpackName.METHOD, bytes, request.methodOffset(), request.methodLength());
        encoder.known(to, HpackName.AUTHORITY, bytes, request.authorityOffset(), request.authorityLength());
        encoder.known(to, HpackName.PATH, bytes, request.targetOffset(), request.targetLength());
        FieldSection section = request.fields();
        for (int i = 0; i < section.count(); i++) {
            if (section.isLive(i)) {
                encoder.field(to, section, i);
            }
        }
        return to;
    }

    private int decode(ByteBuffer block) {
        fields.section.clear();
        fields.section.bind(store, 0);
        int answer = decoder.decode(block, 0, block.position(), store, 0, LIMITS, fields);
        return answer == HpackDecoder.COMPLETE ? fields.section.count() : -Decode.REFUSED;
    }

    /** Enters each field, as those who make heads of them do. */
    private static final class Collector implements HpackSink {
        private final FieldSection section = new FieldSection();

        @Override
        public int onField(int id, int flags, int offset, int nameLength, int valueLength) {
            int known = HpackName.isPseudo(id) ? 0 : id;
            section.append(offset, nameLength, offset + nameLength + 2, valueLength, known, true);
            return offset + nameLength + valueLength + 4;
        }
    }
}
