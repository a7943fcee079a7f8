package dev.headgate.bench.parts;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What does it gain to find fields by number, above all those that are not there, rather than by comparing names? */
@State(Scope.Thread)
public class FieldLookupBench {
    /** The last line but one of a browser's head, and one that it does not have. */
    @Param({"COOKIE", "EXPECT"})
    private String name = "COOKIE";

    private final RequestHead head = new RequestHead();
    private final ByteBuffer store = ByteBuffer.allocateDirect(4 << 10);
    private FieldSection fields = head.fields();
    private Map<String, String> map = Map.of();
    private byte[] lowerCaseName = {};
    private String mapName = "";
    private int id;

    @Setup
    public void setUp() {
        new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(Heads.BROWSER.bytes(), head);
        head.retain(store);
        fields = head.fields();
        map = new PlainParser().strings(Heads.BROWSER.bytes());
        mapName = name.equals("COOKIE") ? "cookie" : "expect";
        lowerCaseName = mapName.getBytes(StandardCharsets.US_ASCII);
        id = name.equals("COOKIE") ? Field.COOKIE : Field.EXPECT;
    }

    @Benchmark
    public int byNumber() {
        return fields.find(id);
    }

    @Benchmark
    public int byName() {
        for (int i = 0; i < fields.count(); i++) {
            if (fields.isLive(i) && fields.nameEquals(i, lowerCaseName)) {
                return i;
            }
        }
        return -1;
    }

    /** As above, after strings and tree were made. */
    @Benchmark
    public String inTreeOfStrings() {
        return map.getOrDefault(mapName, "");
    }
}
