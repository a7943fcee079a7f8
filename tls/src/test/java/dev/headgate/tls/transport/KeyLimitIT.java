package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys wear out (RFC 8446 §5.5): after so many bytes the JDK changes them by itself, in the middle of the data. */
@Timeout(60)
class KeyLimitIT {
    @Test
    void goesOnWhenKeysAreChanged(@TempDir Path folder) throws Exception {
        Path security =
                Files.writeString(folder.resolve("security"), "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 2^20\n");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Djava.security.properties=" + security,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KeyLimitChild.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor(50, TimeUnit.SECONDS);
        assertEquals(0, child.exitValue(), said);
    }
}
