package dev.headgate.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.machine.Placement;
import dev.headgate.bench.target.HeadgateProgram;
import dev.headgate.bench.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class LineupTest {
    private static final Placement FOUR = new Placement(Path.of("/usr/bin/taskset"), List.of(0, 1, 2, 3));

    @TempDir
    Path home;

    private HeadgateProgram program(String script) throws Exception {
        Path launcher = Files.createDirectory(home.resolve("bin")).resolve("headgate");
        Files.writeString(launcher, "#!/bin/sh\n" + script + "\n");
        assertTrue(launcher.toFile().setExecutable(true));
        return new HeadgateProgram(home);
    }

    private static List<String> names(Lineup lineup) {
        return lineup.targets().stream().map(Target::name).toList();
    }

    @Test
    void variantsStandBehindTheUsualOne() throws Exception {
        Options options = SampleOptions.of("--targets=direct,headgate", "--variant=a=-Xmx1g", "--variant=b=-Xmx2g");
        Lineup lineup = Lineup.of(options, program("echo headgate 1.0"), FOUR);
        assertEquals(List.of("direct", "headgate", "headgate-a", "headgate-b"), names(lineup));
        assertEquals(List.of(), lineup.notes());
    }

    @Test
    void aProgramThatDoesNotSayItsVersionIsLeftOutWithItsVariants() throws Exception {
        Options options = SampleOptions.of("--targets=direct,headgate", "--variant=a=-Xmx1g");
        Lineup lineup = Lineup.of(options, program("echo no JDK; exit 3"), FOUR);
        assertEquals(List.of("direct"), names(lineup));
        assertEquals(
                List.of("headgate does not say its version: exit code 3, no JDK, and is left out"), lineup.notes());
    }

    @ParameterizedTest
    @CsvSource({"2, processor 1", "3, processors 1-2", "4, processors 1-3", "9, processors 1-3"})
    void aVariantThatSharesProcessorsWithTheLoadIsNoted(int loops, String processors) throws Exception {
        Options options = SampleOptions.of("--targets=headgate", "--variant=a=-Xmx1g", "--variant=many=loops:" + loops);
        Lineup lineup = Lineup.of(options, program("echo headgate 1.0"), FOUR);
        assertEquals(
                List.of("headgate-many has " + loops + " loops instead of 1, and shares " + processors
                        + " with origin and load: it is not to be compared with the others"),
                lineup.notes());
    }

    @Test
    void whereNobodyIsApartThatIsNoted() throws Exception {
        Options options = SampleOptions.of("--targets=headgate", "--variant=many=loops:2");
        Placement one = new Placement(Path.of("/usr/bin/taskset"), List.of(0));
        assertEquals(
                List.of("proxies share processors with origin and load: not pinned: too few processors"),
                Lineup.of(options, program("echo headgate 1.0"), one).notes());
    }
}
