package dev.headgate.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code openssl s_client}, which does what the JDK's client does not: it offers a session that was made with another name. */
final class OpenSslClient {
    private static final int PATIENCE_S = 30;

    private final List<String> options = new ArrayList<>();
    private final int port;

    OpenSslClient(int port, String version) {
        this.port = port;
        options.add(version.equals("TLSv1.3") ? "-tls1_3" : "-tls1_2");
    }

    static boolean isThere() {
        try {
            Process version = new ProcessBuilder("openssl", "version").start();
            return version.waitFor(PATIENCE_S, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    OpenSslClient with(String option, Path value) {
        options.add(option);
        options.add(value.toString());
        return this;
    }

    /** Connects as {@code name}, and sends one request; all that is printed. */
    String get(String name) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-ign_eof"));
        command.addAll(List.of("-servername", name));
        command.addAll(options);
        Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream out = client.getOutputStream()) {
            out.write(("GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            assert client.pid() > 0; // It has ended already, and says why.
        }
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
