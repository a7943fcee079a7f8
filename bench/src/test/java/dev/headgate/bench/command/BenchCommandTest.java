package dev.headgate.bench.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.fault.Fault;
import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.run.FaultOptions;
import dev.headgate.bench.run.Options;
import dev.headgate.bench.scenario.Scenario;
import dev.headgate.cli.spi.FurtherCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(60)
class BenchCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int execute(String... arguments) {
        return new BenchCommand()
                .execute(
                        Arrays.asList(arguments),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static Options read(String... arguments) {
        CommandLine commandLine = new CommandLine(BenchSyntax.create());
        return new OptionsReader(commandLine.parseArgs(arguments)).read(Arrays.asList(arguments));
    }

    @Test
    void hasLoadAndOriginAsCommandsOfTheirOwn() {
        assertEquals(2, execute("load", "nowhere"));
        assertEquals(2, execute("origin", "--port", "x"));
        assertEquals(
                "headgate: not a URL of the form http://HOST:PORT/PATH: nowhere\n"
                        + "headgate: --port wants a whole number, not x\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rounds 0 | --rounds is a number from 1 to 100, not '0'",
                "--rounds 101 | --rounds is a number from 1 to 100, not '101'",
                "--rounds x | --rounds is a number from 1 to 100, not 'x'",
                "--duration 3 | --duration is a time with its unit, such as 500ms, 3s or 1m, from 100ms to 10m, not '3'",
                "--duration 99ms | --duration is a time with its unit, such as 500ms, 3s or 1m, from 100ms to 10m, not '99ms'",
                "--duration 11m | --duration is a time with its unit, such as 500ms, 3s or 1m, from 100ms to 10m, not '11m'",
                "--warm-up s | --warm-up is a time with its unit, such as 500ms, 3s or 1m, from 100ms to 10m, not 's'",
                "--rates 5000,x | --rates is a number from 1 to 1000000, not 'x'",
                "--rates 5000, | --rates is a number from 1 to 1000000, not ''",
                "--connections 10001 | --connections is a number from 1 to 10000, not '10001'",
                "--idle 1 | --idle is a number from 2 to 1000000, not '1'",
                "--active 8 | --active is a number from 9 to 1000000, not '8'",
                "--loops 65 | --loops is a number from 1 to 64, not '65'",
                "--scenarios speed | --scenarios takes throughput, latency, bodies, churn, idle, active, slow, faults, tls-keepalive,"
                        + " tls-handshakes, tls-resumed, tls-bodies, tls-open, tls-beside, tls-idle, h2-tls, h2-plain, h2-body,"
                        + " h2-idle, h2-origin, tunnels, tls, h2, not 'speed'",
                "--targets nginx,apache | --targets takes direct, headgate, nginx, haproxy, h2o, not 'apache'",
                "--variant g1 | --variant is NAME=FLAGS, such as g1='-XX:-UseSerialGC -XX:+UseG1GC', with a name of small letters,"
                        + " digits and hyphens, not g1",
                "--variant a=b | --variant a wants JVM flags (-XX:...) or keys of the configuration (busyPoll:50us), not 'b'",
                "--variant a=-Xmx1g --variant a=-Xmx2g | two variants have the name a",
                "--variant a=-Xmx1g --targets nginx | --variant wants headgate among --targets",
                "--nope | bench has no option --nope",
                "more | bench does not take more",
                "faults --rate 99 | --rate is a number from 100 to 100000, not '99'",
                "faults --hold 499ms | --hold is a time with its unit, such as 500ms, 3s or 1m, from 500ms to 10m, not '499ms'",
                "faults --targets h2o | --targets takes headgate, nginx, haproxy, not 'h2o'",
                "faults --faults all-503+slow | all-503 is of all origins, and has no other beside it",
                "faults --nope | bench has no option --nope",
            })
    void saysWhatIsWrongWithACommandLine(String line, String expected) {
        assertEquals(2, execute(line.split(" ")));
        assertEquals(
                "headgate: " + expected,
                err.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow());
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void wantsAValueForAnOption() {
        assertEquals(2, execute("--rounds"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("--rounds"));
    }

    @Test
    void helps() {
        assertEquals(0, execute("--help"));
        String help = out.toString(StandardCharsets.UTF_8);
        assertTrue(help.startsWith("Usage: headgate bench"), help);
        for (Scenario scenario : Scenario.values()) assertTrue(help.contains(scenario.key()), scenario.key());
    }

    @Test
    void hasHelpForFaults() {
        assertEquals(0, execute("faults", "--help"));
        String help = out.toString(StandardCharsets.UTF_8);
        assertTrue(help.startsWith("Usage: headgate bench faults"), help);
        for (Fault fault : Fault.values()) assertTrue(help.contains("  " + fault.key() + " "), fault.key());
    }

    @Test
    void playsEachFaultAloneUnlessToldOtherwise() {
        FaultOptions options = readFaults("faults");
        assertEquals(FaultScenario.singles(), options.scenarios());
        assertEquals(List.of("headgate", "nginx", "haproxy"), options.targets());
        assertEquals(5000, options.ratePerSecond());
        assertEquals(Duration.ofSeconds(6), options.times().hold());
        assertEquals("headgate bench faults", options.commandLine());
    }

    @Test
    void addsPairsOfFaults() {
        FaultOptions options = readFaults("faults", "--faults=slow,killed,slow+slow", "--pairs");
        assertEquals(
                List.of("slow", "killed", "slow+slow", "slow+killed"),
                options.scenarios().stream().map(FaultScenario::key).toList());
    }

    private static FaultOptions readFaults(String... arguments) {
        CommandLine commandLine = new CommandLine(FaultSyntax.create());
        String[] own = Arrays.copyOfRange(arguments, 1, arguments.length);
        return new FaultOptionsReader(commandLine.parseArgs(own)).read(Arrays.asList(arguments));
    }

    @Test
    void cannotWriteWhereAFileIs() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertEquals(3, execute("--out", file.toString()));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("headgate: cannot write to " + file));
    }

    /** Even the superuser makes no files there. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void cannotWriteToAFolderThatTakesNoFiles() {
        assertEquals(3, execute("--out", "/proc/self"));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("headgate: cannot write to /proc/self: "));
        assertEquals(1, err.toString(StandardCharsets.UTF_8).lines().count(), "something was started before");
    }

    @Test
    void isFoundByTheProgram() {
        List<String> names = ServiceLoader.load(FurtherCommand.class).stream()
                .map(provider -> provider.get().name())
                .toList();
        assertEquals(List.of("bench"), names);
    }

    @Test
    void hasDefaults() {
        Options options = read();
        assertEquals(List.of(Scenario.values()), options.scenarios());
        assertEquals(List.of("direct", "headgate", "nginx", "haproxy", "h2o"), options.targets());
        assertEquals(3, options.rounds());
        assertEquals(Duration.ofSeconds(3), options.duration());
        assertEquals(List.of(5000, 15_000), options.rates());
        assertEquals(100_000, options.idleMax());
        assertEquals("headgate bench", options.commandLine());
    }

    @Test
    void oneWordStandsForAllScenariosWithTls() {
        List<String> keys = read("--scenarios", "tls,churn,tls-idle").scenarios().stream()
                .map(Scenario::key)
                .toList();
        assertEquals(
                List.of(
                        "churn",
                        "tls-keepalive",
                        "tls-handshakes",
                        "tls-resumed",
                        "tls-bodies",
                        "tls-open",
                        "tls-beside",
                        "tls-idle"),
                keys);
    }

    @Test
    void quickGivesWayToWhatIsSaid() {
        Options options = read("--quick", "--rounds", "2", "--targets", "haproxy,direct");
        assertEquals(2, options.rounds());
        assertEquals(Duration.ofSeconds(1), options.duration());
        assertEquals(List.of("direct", "haproxy"), options.targets());
    }

    @Test
    void repeatsTheCommandAsAShellTakesIt() {
        assertEquals(
                "headgate bench --variant 'g1=-XX:-UseSerialGC -XX:+UseG1GC' --out 'it'\\''s'",
                read("--variant", "g1=-XX:-UseSerialGC -XX:+UseG1GC", "--out", "it's")
                        .commandLine());
    }
}
