package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** No input makes the machine throw, loop, lose credit, or depend on how it was cut. */
class RandomInputProperties {
    @Provide
    Arbitrary<byte[]> frames() {
        Arbitrary<byte[]> odd = Combinators.combine(
                        Arbitraries.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x10, 0xFA),
                        Arbitraries.of(0, 1, 4, 5, 8, 9, 0x0D, 0x20, 0x25, 0x2D, 0xFF),
                        Arbitraries.of(0, 1, 3, 5, 2, 99),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(30))
                .as(Wires::frame);
        Arbitrary<byte[]> good = Arbitraries.of(
                Wires.get(1),
                Wires.get(3),
                Wires.post(1),
                Wires.post(3),
                Wires.post(5),
                Wires.data(1, 0, 20),
                Wires.data(3, 1, 20),
                Wires.padded(1, 0, 5, 9),
                Wires.padded(3, 1, 5, 9),
                Wires.rst(1, 8),
                Wires.rst(3, 0),
                Wires.settings(4, 5),
                Wires.settings(1, 100, 5, 20_000),
                Wires.ping(5),
                Wires.windowUpdate(0, 100),
                Wires.windowUpdate(1, 100),
                Wires.priorityUpdate(3, "u=1"),
                Wires.headers(1, 5, Wires.block("a", "b")),
                Wires.headers(7, 1, Wires.GET),
                Wires.continuation(7, 4, Wires.block("c", "d")),
                Wires.headers(9, 5, new byte[] {(byte) 0x82, (byte) 0x84, (byte) 0x86, 0x41, 1, 'a'}),
                Wires.goAway(0, 0));
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, good), net.jqwik.api.Tuple.of(1, odd))
                .list()
                .ofMaxSize(25)
                .map(list -> Wires.join(list.toArray(new byte[0][])));
    }

    @Property(tries = 3_000)
    void aServerStandsAnyFramesHoweverTheyAreCut(@ForAll("frames") byte[] input, @ForAll long seed) {
        Machine whole = run(Machine.server(), input, new int[] {input.length});
        Machine bytewise = run(Machine.server(), input, new int[] {1});
        var random = new Random(seed);
        int[] sizes = random.ints(20, 1, 40).toArray();
        Machine cut = run(Machine.server(), input, sizes);
        assertEquals(whole.log, bytewise.log);
        assertEquals(whole.log, cut.log);
        assertEquals(whole.contents.toString(), cut.contents.toString());
        if (!whole.connection.isFailed()) {
            assertTrue(whole.isWindowWhole(Http2Limits.DEFAULTS));
        }
    }

    @Property(tries = 2_000)
    void aClientStandsAnyFramesHoweverTheyAreCut(@ForAll("frames") byte[] input) {
        Machine whole = run(requesting(), input, new int[] {input.length});
        Machine bytewise = run(requesting(), input, new int[] {1});
        assertEquals(whole.log, bytewise.log);
    }

    private static Machine requesting() {
        Machine machine = Machine.client();
        for (int i = 0; i < 3; i++) {
            machine.connection.request(Heads.get("/"), Heads.PLAIN, -1, StreamEnd.OPEN, machine.nowNs);
        }
        return machine;
    }

    @Property
    void arbitraryBytesAreStoodToo(@ForAll @Size(max = 200) byte[] input) {
        Machine machine = Machine.server();
        machine.feedBytewise(input);
        var fresh = new Machine(Http2Role.SERVER);
        fresh.connection.start(fresh.nowNs);
        fresh.feed(Wires.PREFACE);
        fresh.feed(input);
    }

    private static Machine run(Machine machine, byte[] input, int[] sizes) {
        int at = 0;
        for (int i = 0; at < input.length; i++) {
            int end = Math.min(input.length, at + sizes[i % sizes.length]);
            machine.feed(Arrays.copyOfRange(input, at, end));
            at = end;
        }
        List<Http2Stream> left = new ArrayList<>(machine.streams.values());
        left.removeIf(stream -> stream.isReleased);
        left.forEach(machine.connection::release);
        return machine;
    }
}
