package dev.headgate.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTreeTest {
    private static final long TICK_NS = 10_000_000;

    @TempDir
    Path root;

    private final List<ProcessTree> trees = new ArrayList<>();
    private FakeProc proc;

    @BeforeEach
    void beginWithThreeAndAStranger() throws IOException {
        proc = new FakeProc(root);
        proc.process(10, 1, 150, 0, 5);
        proc.process(11, 10, 15, 0, 6);
        proc.process(12, 11, 2, 0, 7);
        proc.process(20, 1, 7777, 0, 5);
        proc.memory(10, 1000);
        proc.memory(11, 200);
        proc.memory(12, 30);
        proc.memory(20, 9999);
    }

    @AfterEach
    void closeAll() {
        trees.forEach(ProcessTree::close);
    }

    private ProcessTree tree(long pid) {
        ProcessTree tree = proc.files().tree(pid);
        trees.add(tree);
        return tree;
    }

    private static OptionalLong ticks(long count) {
        return OptionalLong.of(count * TICK_NS);
    }

    @Test
    void addsUpAProcessWithAllBelowIt() {
        assertEquals(ticks(167), tree(10).cpuNs());
        assertEquals(OptionalDouble.of(1230), tree(10).pssKib());
        assertEquals(OptionalDouble.of(30), tree(12).pssKib());
    }

    @Test
    void knowsNothingOfAProcessThatIsNotThere() {
        assertEquals(OptionalLong.empty(), tree(99).cpuNs());
        assertEquals(OptionalDouble.empty(), tree(99).pssKib());
        assertEquals(0, tree(99).findNewcomers());
    }

    @Test
    void readsThoseThatWereFoundAndLooksForOthersOnlyWhenItIsTold() throws IOException {
        ProcessTree tree = tree(10);
        proc.process(11, 10, 20, 0, 6);
        proc.process(13, 12, 1000, 0, 8);
        assertEquals(ticks(172), tree.cpuNs());
        assertEquals(1000 * TICK_NS, tree.findNewcomers());
        assertEquals(0, tree.findNewcomers());
        assertEquals(ticks(1172), tree.cpuNs());
    }

    @Test
    void whatEndsHasItsTimeCountedByWhoeverWaitedForIt() throws IOException {
        ProcessTree tree = tree(10);
        assertEquals(ticks(167), tree.cpuNs());
        proc.end(12);
        proc.process(11, 10, 15, 2 + 40, 6);
        assertEquals(ticks(207), tree.cpuNs());
    }

    @Test
    void timeThatNobodyWaitedForIsLostButDoesNotRunBackwards() throws IOException {
        ProcessTree tree = tree(10);
        assertEquals(ticks(167), tree.cpuNs());
        proc.end(11);
        assertEquals(ticks(167), tree.cpuNs());
    }

    @Test
    void anotherProcessOfTheSameNumberIsAStranger() throws IOException {
        ProcessTree tree = tree(10);
        proc.end(12);
        proc.process(12, 1, 5000, 0, 99);
        assertEquals(ticks(165), tree.cpuNs());
        proc.end(10);
        proc.process(10, 1, 5000, 0, 99);
        assertEquals(OptionalLong.empty(), tree.cpuNs());
        assertEquals(0, tree.findNewcomers());
    }

    @Test
    void aNewcomerMayHaveTheNumberOfOneThatEnded() throws IOException {
        ProcessTree tree = tree(10);
        proc.end(12);
        proc.process(12, 11, 7, 0, 99);
        assertEquals(7 * TICK_NS, tree.findNewcomers());
        assertEquals(ticks(172), tree.cpuNs());
    }

    @Test
    void withoutTheOneAtTheTopThereIsNoReading() throws IOException {
        ProcessTree tree = tree(10);
        proc.end(10);
        assertEquals(OptionalLong.empty(), tree.cpuNs());
    }

    @Test
    void memoryOfAPartIsNotTakenForTheWhole() throws IOException {
        ProcessTree tree = tree(10);
        proc.noMemory(11);
        assertEquals(OptionalDouble.empty(), tree.pssKib());
        proc.process(11, 10, 'Z', 15, 0, 6);
        assertEquals(OptionalDouble.of(1030), tree.pssKib());
        proc.end(12);
        assertEquals(OptionalDouble.of(1000), tree.pssKib());
    }
}
