package dev.headgate.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.http.Http1Limits;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state of the chunk framing against every byte. */
class ChunkedDecoderTest {
    private static final String TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String HEX = "0123456789ABCDEFabcdef";

    /** A state, how to get there, and the bytes that do not end in refusal. */
    record Row(String state, String before, String allowed) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("SIZE at the start", "", HEX),
                new Row("SIZE", "1", HEX + "␍; ␉"),
                new Row("SIZE_BLANK", "1 ", "; ␉"),
                new Row("EXTENSION_NAME at the start", "1;", TOKEN + " ␉"),
                new Row("EXTENSION_NAME", "1;a", TOKEN + " ␉=;␍"),
                new Row("EXTENSION_NAME_BLANK", "1;a ", " ␉=;"),
                new Row("EXTENSION_VALUE", "1;a=", TOKEN + "\" ␉"),
                new Row("EXTENSION_TOKEN", "1;a=b", TOKEN + " ␉;␍"),
                new Row("EXTENSION_QUOTED", "1;a=\"", visible() + " ␉"),
                new Row("EXTENSION_ESCAPED", "1;a=\"\\", visible() + " ␉"),
                new Row("EXTENSION_END", "1;a=\"\"", " ␉;␍"),
                new Row("SIZE_LF", "1␍", "␊"),
                new Row("DATA_CR", "1␍␊X", "␍"),
                new Row("DATA_LF", "1␍␊X␍", "␊"));
    }

    private static String visible() {
        var bytes = new StringBuilder();
        for (char c = 0x21; c <= 0xFF; c++) {
            if (c != 0x7F) {
                bytes.append(c);
            }
        }
        return bytes.toString();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void allowsOnlyWhatTheTableSays(Row row) {
        String allowed = Wire.script(Wire.bytes(row.allowed()));
        for (int b = 0; b < 256; b++) {
            String script = Wire.script(new byte[] {(byte) b});
            int answer = decode(Wire.bytes(row.before() + script));
            assertEquals(allowed.contains(script), answer != Decode.REFUSED, () -> row.state() + " with " + script);
        }
    }

    private static int decode(byte[] bytes) {
        var chunks = new ChunkedDecoder();
        chunks.start(Http1Limits.DEFAULTS);
        ByteBuffer source = ByteBuffer.wrap(bytes);
        int answer = chunks.decode(source);
        while (answer == Decode.DATA) {
            source.get();
            chunks.taken(1);
            answer = chunks.decode(source);
        }
        return answer;
    }
}
