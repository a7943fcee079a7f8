package dev.headgate.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class ExpectedContentProperties {
    @Property
    void isFoundWhereItIsHoweverTheContentComes(
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(min = 1, max = 4) String text,
            @ForAll @Size(max = 8) List<@CharRange(from = 'a', to = 'b') @StringLength(max = 5) String> pieces,
            @ForAll @IntRange(min = 1, max = 50) int bytesMax) {
        ExpectedContent expected = new ExpectedContent(text.getBytes(StandardCharsets.US_ASCII), bytesMax);
        String whole = String.join("", pieces);
        String looked = whole.substring(0, Math.min(bytesMax, whole.length()));
        boolean isFound = false;
        for (String piece : pieces) {
            ByteBuffer bytes = ByteBuffer.wrap(piece.getBytes(StandardCharsets.US_ASCII));
            isFound |= expected.isFoundIn(bytes);
            assertEquals(0, bytes.remaining());
        }
        assertEquals(looked.contains(text), isFound);
        if (!isFound) {
            assertEquals(whole.length() >= bytesMax, expected.isExhausted());
        }
    }

    /** Longer than what is looked at in a piece. */
    @Property(tries = 50)
    void isFoundInLongContent(@ForAll @IntRange(min = 0, max = 20_000) int before) {
        ExpectedContent expected = new ExpectedContent("ready".getBytes(StandardCharsets.US_ASCII), 1 << 20);
        ByteBuffer content = ByteBuffer.wrap(("x".repeat(before) + "ready").getBytes(StandardCharsets.US_ASCII));
        assertEquals(true, expected.isFoundIn(content));
    }
}
