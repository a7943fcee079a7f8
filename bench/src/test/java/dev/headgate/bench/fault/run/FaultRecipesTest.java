package dev.headgate.bench.fault.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.bench.target.FoundProgram;
import dev.headgate.bench.target.ProxySetup;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each program accepts what is written for it, by addresses and by name. */
@Timeout(60)
class FaultRecipesTest {
    @TempDir
    Path folder;

    private static Backends backends(boolean isByName) {
        List<InetSocketAddress> origins = List.of(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.11"), 20_002),
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.12"), 20_002));
        return new Backends(origins, isByName ? Optional.of(20_003) : Optional.empty());
    }

    private ProxySetup setup() {
        return new ProxySetup(20_001, null, 0, null, 20_002, 1, 64, folder);
    }

    private static void accept(String name, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), name + ": " + told);
    }

    private static String program(String name) {
        Optional<Path> found = FoundProgram.locate(name);
        assumeTrue(found.isPresent(), name + " is not installed");
        return found.orElseThrow().toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void headgateAcceptsIts(boolean isByName) {
        String text = FaultRecipes.headgateText(setup(), backends(isByName));
        var result = ConfigLoader.parse("faults", text, Environment.of(Map.of()));
        assertTrue(result.config().isPresent(), result.render());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nginxAcceptsIts(boolean isByName) throws Exception {
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, FaultRecipes.nginxText(setup(), backends(isByName), false));
        accept("nginx", program("nginx"), "-t", "-e", "stderr", "-c", file.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void haproxyAcceptsIts(boolean isByName) throws Exception {
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, FaultRecipes.haproxyText(setup(), backends(isByName)));
        accept("haproxy", program("haproxy"), "-c", "-f", file.toString());
    }
}
