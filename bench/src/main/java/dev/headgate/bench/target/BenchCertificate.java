package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Protection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The certificate that all proxies of a run show, made for it: ECDSA with P-256, signed by itself, and good for three months.
 *
 * @param chain as PEM
 * @param key as PEM, PKCS#8
 * @param both in one file
 */
public record BenchCertificate(Path chain, Path key, Path both) {
    private static final String PASSWORD = "changeit"; // of a file that is read once, beside the key in plain
    private static final String ALIAS = "bench";
    private static final Duration KEYTOOL_MAX = Duration.ofSeconds(60);
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /**
     * Makes one with the {@code keytool} of this JDK.
     *
     * @param folder for the files
     * @throws IOException when it cannot be made
     */
    public static BenchCertificate make(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("store.p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        ShortRun run = ShortRun.of(command(tool, store), Map.of(), KEYTOOL_MAX)
                .orElseThrow(() -> new IOException("keytool makes no certificate in time"));
        if (run.exitCode() != 0) throw new IOException("keytool makes no certificate: " + run.output());
        try (InputStream bytes = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(bytes, PASSWORD.toCharArray());
            String chain = pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
            String key = pem(
                    "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
            return new BenchCertificate(
                    write(folder, "chain.pem", chain),
                    write(folder, "key.pem", key),
                    write(folder, "both.pem", chain + key));
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate: " + e.getMessage(), e);
        }
    }

    private static List<String> command(Path tool, Path store) {
        return List.of(
                tool.toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-dname",
                "CN=" + Protection.SERVER_NAME,
                "-ext",
                "SAN=dns:" + Protection.SERVER_NAME,
                "-startdate",
                "-1d", // A clock that is set while this runs.
                "-validity",
                "90", // More than what is warned of.
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static Path write(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.US_ASCII);
    }
}
