package dev.headgate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/** Certificates and keys for tests, as files, and a client's context that trusts their root. */
public final class TestCertificates {
    /** A name that {@link #chain} and {@link #rsaChain} are for. */
    public static final String NAME = "example.test";

    /** A name that {@link #selfSigned} is for. */
    public static final String SELF_NAME = "self.test";

    private final Path folder;

    private TestCertificates(Path folder) {
        this.folder = folder;
    }

    /** Puts all files into {@code folder}, which is there. */
    public static TestCertificates in(Path folder) {
        TestCertificates made = new TestCertificates(folder);
        made.write("chain.pem", "ec-p256.crt", "intermediate.crt");
        made.writePrivate("key.pem", "ec-p256.pkcs8.pem");
        made.writePrivate("key-encrypted.pem", "ec-p256.encrypted.pem");
        made.writePrivate("store.p12", "ec-p256.p12");
        made.write("rsa-chain.pem", "rsa.crt", "intermediate.crt");
        made.writePrivate("rsa-key.pem", "rsa.pkcs8.pem");
        made.write("self-signed.pem", "self-signed.crt");
        made.write("root.pem", "root.crt");
        made.write("stranger.pem", "stranger.crt");
        return made;
    }

    /** A key, for its owner alone. */
    private void writePrivate(String name, String source) {
        write(name, source);
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) return;
        try {
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String... sources) {
        try (var out = Files.newOutputStream(folder.resolve(name))) {
            for (String source : sources) {
                out.write(resource(source));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An ECDSA certificate and the one above it. */
    public Path chain() {
        return folder.resolve("chain.pem");
    }

    /** The key of {@link #chain} and of {@link #selfSigned}. */
    public Path key() {
        return folder.resolve("key.pem");
    }

    /** The same, encrypted; the passphrase is {@code correct}. */
    public Path encryptedKey() {
        return folder.resolve("key-encrypted.pem");
    }

    /** The same with its chain as PKCS#12; the password is {@code correct}. */
    public Path store() {
        return folder.resolve("store.p12");
    }

    /** An RSA certificate for the same names, and the one above it. */
    public Path rsaChain() {
        return folder.resolve("rsa-chain.pem");
    }

    /** The key of {@link #rsaChain}. */
    public Path rsaKey() {
        return folder.resolve("rsa-key.pem");
    }

    /** A certificate for {@link #SELF_NAME} that nobody stands behind. */
    public Path selfSigned() {
        return folder.resolve("self-signed.pem");
    }

    /** The root above the chains. */
    public Path root() {
        return folder.resolve("root.pem");
    }

    /** Another root, above nothing. */
    public Path stranger() {
        return folder.resolve("stranger.pem");
    }

    /** For a client that trusts {@link #root} alone. */
    public static SSLContext clientContext() {
        return PeerContexts.trusting(rootBytes());
    }

    /** The same, with what it shows to servers that ask. */
    static SSLContext clientContext(KeyManager keys) {
        return PeerContexts.trusting(rootBytes(), keys);
    }

    private static byte[] rootBytes() {
        try {
            return resource("root.crt");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = TestCertificates.class.getResourceAsStream("certificates/" + name)) {
            if (in == null) throw new IllegalArgumentException("no certificate " + name);
            return in.readAllBytes();
        }
    }
}
