package dev.headgate.bench.parts;

import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.Persistence;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.ResponseEncoder;
import dev.headgate.http.h1.ResponseHeadDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long does a response's head take to write from the index over bytes, beside formatting it as text? */
@State(Scope.Thread)
public class HeadEncodeBench {
    private final ResponseHead response = new ResponseHead();
    private final ByteBuffer store = ByteBuffer.allocateDirect(4 << 10);
    private final ByteBuffer out = ByteBuffer.allocateDirect(4 << 10);
    private String[] lines = {};

    @Setup
    public void setUp() {
        new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS).decode(Heads.ORIGIN.bytes(), response, Method.GET);
        response.retain(store);
        FieldSection fields = response.fields();
        lines = new String[fields.count() * 2];
        for (int i = 0; i < fields.count(); i++) {
            lines[2 * i] = fields.name(i);
            lines[2 * i + 1] = fields.value(i);
        }
    }

    @Benchmark
    public boolean headgate() {
        return ResponseEncoder.encode(
                out.clear(), 200, response.fields(), BodyKind.LENGTH, 1024, Persistence.PERSISTENT);
    }

    @Benchmark
    public ByteBuffer strings() {
        var text = new StringBuilder("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < lines.length; i += 2) {
            text.append(lines[i]).append(": ").append(lines[i + 1]).append("\r\n");
        }
        return out.clear().put(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
