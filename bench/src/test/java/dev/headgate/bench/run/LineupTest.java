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

@Timeout(60)
class LineupTest {
    private static final Placement ANYWHERE = new Placement(null, List.of());

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
        Options options = SampleOptions.of("--targets=direct,headgate", "--variant=a=-Xmx1g", "--variant=b=loops:2");
        Lineup lineup = Lineup.of(options, program("echo headgate 1.0"), ANYWHERE);
        assertEquals(List.of("direct", "headgate", "headgate-a", "headgate-b"), names(lineup));
        assertEquals(List.of(), lineup.missing());
    }

    @Test
    void aProgramThatDoesNotSayItsVersionIsLeftOutWithItsVariants() throws Exception {
        Options options = SampleOptions.of("--targets=direct,headgate", "--variant=a=-Xmx1g");
        Lineup lineup = Lineup.of(options, program("echo no JDK; exit 3"), ANYWHERE);
        assertEquals(List.of("direct"), names(lineup));
        assertEquals(
                List.of("headgate does not say its version: exit code 3, no JDK, and is left out"), lineup.missing());
    }
}
