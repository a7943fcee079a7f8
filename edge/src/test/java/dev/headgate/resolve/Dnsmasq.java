package dev.headgate.resolve;

import dev.headgate.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The program {@code dnsmasq} of Debian, at a port of the loopback, with what a test has it say and nothing else. Without it tests are skipped,
 * unless the environment says {@code HEADGATE_JUDGES=required}: then that is a failure.
 */
final class Dnsmasq implements AutoCloseable {
    private static final int TRIES = 20;

    private final Path program;
    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private Dnsmasq(Path program, Path folder, int port) {
        this.program = program;
        this.folder = folder;
        this.port = port;
    }

    /** Starts it with these options, in the form of its configuration file. */
    static Dnsmasq start(Path folder, String... options) {
        Optional<Path> program = find();
        if (program.isEmpty() && "required".equals(System.getenv("HEADGATE_JUDGES"))) {
            throw new AssertionError("not installed: dnsmasq");
        }
        Assumptions.assumeTrue(program.isPresent(), "not installed: dnsmasq");
        for (int i = 0; ; i++) {
            var started = new Dnsmasq(program.orElseThrow(), folder, freePort());
            try {
                started.begin(options);
                return started;
            } catch (BindException e) { // The port is taken for TCP, or has been taken since.
                if (i == TRIES) {
                    throw new UncheckedIOException(e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Optional<Path> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(":")), Stream.of("/usr/sbin"))
                .map(each -> Path.of(each, "dnsmasq"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() {
        try (var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again at the same port, with other options. */
    void restart(String... options) {
        kill();
        try {
            begin(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(String... options) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "port=" + port,
                "listen-address=127.0.0.1",
                "bind-interfaces",
                "no-resolv",
                "no-hosts",
                "pid-file=" + folder.resolve("pid"),
                "user=" + System.getProperty("user.name"),
                "local=/test/"));
        lines.addAll(List.of(options));
        Path file = Files.write(folder.resolve("dnsmasq.conf"), lines);
        Process started = new ProcessBuilder(
                        program.toString(), "--keep-in-foreground", "--log-facility=-", "--conf-file=" + file)
                .redirectErrorStream(true)
                .start();
        process = started;
        awaitReady(started.inputReader(StandardCharsets.UTF_8));
    }

    private static void awaitReady(BufferedReader log) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            lines.add(line);
            if (line.contains(": started")) {
                return;
            }
            if (line.contains("Address already in use")) {
                throw new BindException(line);
            }
        }
        throw new AssertionError("dnsmasq has not started: " + lines);
    }

    /** As a configuration names it. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** Ends it at once. */
    void kill() {
        Process running = process;
        process = null;
        if (running != null) {
            running.destroyForcibly();
            Await.until("dnsmasq ends", () -> hasEnded(running));
        }
    }

    @Override
    public void close() {
        kill();
    }

    private static boolean hasEnded(Process running) {
        try {
            return running.waitFor(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
