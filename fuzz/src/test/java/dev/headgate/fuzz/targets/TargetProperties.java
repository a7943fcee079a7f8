package dev.headgate.fuzz.targets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The laws of every target hold for damaged files of its corpus too: what no search is needed for, each build tries. */
class TargetProperties {
    private static final int SPLICE_LENGTH_MAX = 40;
    private static final Map<Target, List<byte[]>> CORPUS = new EnumMap<>(Target.class);

    /** A change of a file: at {@code place}, some bytes give way to others. */
    record Damage(int place, int removed, byte[] added, int splice) {}

    @Provide
    Arbitrary<Damage> damages() {
        Arbitrary<byte[]> bytes = Arbitraries.of(
                        "", "\r\n", "\r", "\n", ":", ",", ";", "\"", "\\", " ", "\t", "_", "/", "%", "0", "9", "a",
                        "\u0000", "\u00ff", "*", "[", "]", "{", "}", "&a ", "..")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 100_000),
                        Arbitraries.integers().between(0, 3),
                        bytes,
                        Arbitraries.of(0, 0, 0, 1, 5, SPLICE_LENGTH_MAX))
                .as(Damage::new);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForRequestHeads(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.RequestHead, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForResponseHeads(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.ResponseHead, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForChunkedBodies(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.ChunkedBody, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForTargets(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.TargetUri, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForHopLists(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.Forwarded, file, damages);
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void holdForConfigurations(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.Configuration, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForClientHellos(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.ClientHello, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForFieldBlocks(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.Hpack, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForFrames(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.Http2Frames, file, damages);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void holdForAnswersAboutNames(@ForAll int file, @ForAll @Size(max = 4) List<@From("damages") Damage> damages) {
        run(Target.DnsResponse, file, damages);
    }

    private static void run(Target target, int file, List<Damage> damages) {
        List<byte[]> corpus = CORPUS.computeIfAbsent(target, TargetProperties::read);
        byte[] input = corpus.get(Math.floorMod(file, corpus.size()));
        for (Damage damage : damages) {
            input = damaged(input, damage);
        }
        target.run(input);
    }

    private static List<byte[]> read(Target target) {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : CorpusTest.files(target)) {
            try {
                contents.add(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return contents;
    }

    private static byte[] damaged(byte[] input, Damage damage) {
        int place = damage.place() % (input.length + 1);
        int behind = Math.min(input.length, place + damage.removed());
        var out = new ByteArrayOutputStream();
        out.write(input, 0, place);
        out.writeBytes(damage.added());
        // A piece of itself: repeated lines, lengths and quotes are what decoders trip over.
        int from = damage.place() / 7 % (input.length + 1);
        out.write(input, from, Math.min(damage.splice(), input.length - from));
        out.write(input, behind, input.length - behind);
        return out.toByteArray();
    }
}
