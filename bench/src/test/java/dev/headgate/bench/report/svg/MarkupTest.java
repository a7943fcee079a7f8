package dev.headgate.bench.report.svg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.bench.report.Xml;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void escapesWhatIsMarkup() {
        String text = new Markup()
                .open("a")
                .attribute("b", "\"<'&>")
                .text("</a><script>")
                .close()
                .finish();
        assertEquals("<a b=\"&quot;&lt;&#39;&amp;&gt;\">&lt;/a&gt;&lt;script&gt;</a>\n", text);
    }

    @Property
    void anyTextComesBackFromAReader(@ForAll String text) throws Exception {
        String written =
                new Markup().open("a").attribute("b", text).text(text).close().finish();
        assertEquals(readable(text), Xml.parse(written).getDocumentElement().getTextContent());
    }

    /** What XML has no place for becomes the replacement character; line ends are the reader's business. */
    private static String readable(String text) {
        StringBuilder readable = new StringBuilder();
        text.codePoints().forEach(character -> {
            boolean isAllowed = character == '\t'
                    || character == '\n'
                    || character >= 0x20 && character <= 0xD7FF
                    || character >= 0xE000 && character <= 0xFFFD
                    || character >= 0x10000;
            readable.appendCodePoint(isAllowed ? character : 0xFFFD);
        });
        return readable.toString();
    }

    @Test
    void refusesToEndWhatIsOpen() {
        assertThrows(IllegalStateException.class, () -> new Markup().open("a").finish());
        assertThrows(
                IllegalStateException.class,
                () -> new Markup().open("a").text("b").attribute("c", "d"));
    }

    @Test
    void numbersAreShort() {
        assertEquals("1", Markup.number(1.0));
        assertEquals("1.5", Markup.number(1.5));
        assertEquals("0.33", Markup.number(1 / 3.0));
        assertEquals("0", Markup.number(-0.001));
        assertEquals("100", Markup.number(100));
    }
}
