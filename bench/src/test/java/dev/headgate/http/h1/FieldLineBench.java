package dev.headgate.http.h1;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does it gain to scan field values in words of eight bytes rather than byte by byte? In this package for the scan's sake. */
@State(Scope.Thread)
public class FieldLineBench {
    @Param({"3", "12", "40", "200"})
    private int valueBytes = 40;

    private ByteBuffer source = ByteBuffer.allocate(0);

    @Setup
    public void setUp() {
        byte[] line = ("v".repeat(valueBytes) + "\r\nAccept: */*\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        source = ByteBuffer.allocateDirect(line.length).put(line).flip();
    }

    @Benchmark
    public int words() {
        return ByteScan.fieldValueEnd(source, 0, source.limit(), false);
    }

    @Benchmark
    public int byteByByte() {
        int at = 0;
        int limit = source.limit();
        while (at < limit && isPlain(source.get(at))) {
            at++;
        }
        return at;
    }

    private static boolean isPlain(byte b) {
        return b < 0 || b >= ' ' && b != 0x7F;
    }
}
