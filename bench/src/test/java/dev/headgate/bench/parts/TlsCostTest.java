package dev.headgate.bench.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a request over TLS costs in bytes of heap: what the JDK's engine allocates to read one record and to make another, and
 * nothing of ours. In a JVM of its own, whose compiler does away with no object: so both are what the code says, to the byte.
 */
@Timeout(120)
class TlsCostTest {
    private static final int BYTES_MAX = 3584; // the aim of the design: 3.5 KiB
    private static final Pattern SAID = Pattern.compile("proxy=(\\d+) engine=(\\d+)");

    @ParameterizedTest
    @CsvSource({"GET_1K, TLSv1.3", "GET_1K, TLSv1.2", "POST_10K, TLSv1.3", "POST_10K, TLSv1.2"})
    void isTheEnginesAlone(String traffic, String version, @TempDir Path folder) throws Exception {
        Process child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TlsCostChild.class.getName(),
                        folder.toString(),
                        traffic,
                        version))
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(child.waitFor(10, TimeUnit.SECONDS), said);
        assertEquals(0, child.exitValue(), said);
        Matcher found = SAID.matcher(said);
        assertTrue(found.find(), said);
        long ofProxy = Long.parseLong(found.group(1));
        long ofEngine = Long.parseLong(found.group(2));
        assertEquals(ofEngine, ofProxy, said);
        assertTrue(ofProxy <= BYTES_MAX, said);
    }
}
