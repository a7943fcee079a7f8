package dev.headgate.fuzz.differential;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of somebody else's in a process and a folder of its own. It listens on a Unix-domain socket, whose name nobody else has taken, and
 * reaches its origin by TCP, for there is no other way to show it a reset.
 */
final class JudgeProcess implements Judge {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

    private final JudgeProgram program;
    private final Path folder;
    private final ScriptedOrigin origin;
    private final Process process;

    private JudgeProcess(JudgeProgram program, Path folder) throws IOException {
        this.program = program;
        this.folder = folder;
        this.origin = ScriptedOrigin.start();
        this.process = new ProcessBuilder(program.commandLine(folder, origin.address()))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    /** Starts {@code program}; it accepts connections when this returns. */
    static JudgeProcess start(JudgeProgram program) {
        try {
            // The name of a Unix-domain socket has to be short, and build folders may lie deep.
            var judge = new JudgeProcess(program, Files.createTempDirectory("judge"));
            Await.until(program + " accepts", START_TIMEOUT, judge::accepts);
            return judge;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean accepts() {
        if (!process.isAlive()) {
            throw new AssertionError(program + " ended: " + output());
        }
        if (!Files.exists(socket())) {
            return false;
        }
        try {
            connect().close();
            return true;
        } catch (AssertionError _) {
            return false; // The socket has its name already, and is not listened on yet.
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path socket() {
        return folder.resolve("listen");
    }

    @Override
    public String name() {
        return program.command();
    }

    @Override
    public boolean hidesTrailers() {
        return program == JudgeProgram.NGINX;
    }

    @Override
    public RawClient connect() {
        return RawClient.connectUnix(socket());
    }

    @Override
    public ScriptedOrigin origin() {
        return origin;
    }

    /** Linux lets a program read what has arrived before it tells of the reset. */
    @Override
    public void breakOff(OriginExchange exchange, RawClient client) throws IOException {
        exchange.reset();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            origin.forget();
            origin.close();
            delete(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (var walk = Files.walk(folder)) {
            files = walk.toList();
        }
        for (Path file : files.reversed()) {
            Files.deleteIfExists(file);
        }
    }
}
