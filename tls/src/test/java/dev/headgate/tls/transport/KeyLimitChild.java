package dev.headgate.tls.transport;

import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.TlsProfile;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLSocket;

/** Echoes more over one connection than its keys may protect; a JVM of its own, for limits on keys are read once. */
final class KeyLimitChild {
    private static final int ROUNDS = 40;

    private KeyLimitChild() {}

    public static void main(String[] arguments) throws Exception {
        byte[] content = new byte[100_000];
        new Random(3).nextBytes(content);
        try (TlsBench bench = new TlsBench()) {
            ServerSettings settings = ServerSettings.of(TlsProfile.MODERN, List.of("http/1.1"));
            InetSocketAddress address = bench.serve(settings, Identities.of(List.of(Keys.ecdsa())), Echo::new);
            try (SSLSocket client = TlsBench.client(Keys.peer(null), address, Keys.NAME)) {
                for (int i = 0; i < ROUNDS; i++) {
                    client.getOutputStream().write(content);
                    byte[] echo = client.getInputStream().readNBytes(content.length);
                    if (!Arrays.equals(content, echo)) {
                        throw new AssertionError("round " + i + ": " + echo.length + " bytes, " + bench.noted.failures);
                    }
                }
            }
        }
    }
}
