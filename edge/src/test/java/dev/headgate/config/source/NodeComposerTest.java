package dev.headgate.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeComposerTest {
    private final List<Problem> problems = new ArrayList<>();

    private Node compose(String text) {
        return new NodeComposer(new SourceText("f", text), problems::add).compose();
    }

    @Test
    void knowsWhereEachNodeStands() {
        Node.Mapping root = assertInstanceOf(Node.Mapping.class, compose("a: 1\nb:\n  - [x, \u00e4\ud83d\ude00, y]\n"));
        assertEquals(new Mark(1, 4), root.entry("a").value().mark());
        Node.Sequence list = (Node.Sequence)
                ((Node.Sequence) root.entry("b").value()).items().getFirst();
        assertEquals(new Mark(3, 5), list.mark());
        assertEquals(new Mark(3, 13), list.items().get(2).mark()); // columns count code points
    }

    @Test
    void boundsTheLengthOfTheText() {
        assertNotNull(new NodeComposer(new SourceText("f", "a: 12345"), problems::add, 9).compose());
        assertNotNull(new NodeComposer(new SourceText("f", "a: 123456"), problems::add, 9).compose());
        assertNull(new NodeComposer(new SourceText("f", "a: 1234567"), problems::add, 9).compose());
        assertEquals(ProblemCode.TOO_LARGE, problems.getFirst().code());
    }

    @Test
    void boundsTheDepth() {
        int max = NodeComposer.DEPTH_MAX;
        assertNotNull(compose("[".repeat(max - 1) + "]".repeat(max - 1)));
        assertNotNull(compose("[".repeat(max) + "]".repeat(max)));
        assertNull(compose("[".repeat(max + 1) + "]".repeat(max + 1)));
    }

    @Test
    void survivesDepthThatWouldOverflowAStack() {
        assertNull(compose("[".repeat(1_000_000)));
        assertEquals(1, problems.size());
    }

    @Test
    void countsWhatAliasesStandFor() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i <= 9; i++) {
            laughs.append("a").append(i).append(": &a").append(i).append(" [");
            laughs.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        assertNull(compose(laughs.toString()));
        assertEquals(ProblemCode.TOO_LARGE, problems.getFirst().code());
    }

    @Test
    void boundsTheNumberOfValues() {
        String hundredThousand = "a: &a [" + "x,".repeat(99_999) + "]\n"; // weighs 100,000
        assertNotNull(compose(hundredThousand + "b: [*a, *a, *a, *a, *a, *a, *a, *a]"));
        assertEquals(List.of(), problems);
        assertNull(compose(hundredThousand + "b: [*a, *a, *a, *a, *a, *a, *a, *a, *a]"));
    }

    @Test
    void refusesAnAliasOfWhatIsStillOpen() {
        assertNull(compose("a: &a [*a]"));
        assertEquals(ProblemCode.SYNTAX, problems.getFirst().code());
    }

    @Test
    void tellsNothingFromText() {
        Node.Mapping root = (Node.Mapping) compose("{a: yes, b: off, c: ~, d: null, e: 'null', f: }");
        List<Boolean> nulls =
                root.entries().stream().map(entry -> entry.value().isNull()).toList();
        assertEquals(List.of(false, false, true, true, false, true), nulls);
    }
}
