package dev.headgate.secure;

import dev.headgate.config.ListenerTls.Source;
import dev.headgate.config.StateFolder;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.credential.CredentialResult;
import dev.headgate.tls.credential.SelfSigned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of the proxy's own making. Each is made once and kept, with its key in one file, so that the two always fit; beside it lies the
 * certificate alone, for clients that are to trust it. Files are replaced in one step: of several proxies that start at once each finds a whole
 * one, and all of them use the last in the end, for it is watched like any other.
 *
 * <p>Used by one thread at a time: that of the start, then that of the watch.
 */
final class InternalCertificates {
    private static final int FILE_BYTES_MAX = 1 << 16;
    private static final int SUFFIX_BYTES = 4;
    private static final String OTHER_FOLDER = "; --state or HEADGATE_STATE names another folder";
    private static final String COMMON_NAME = "Headgate internal certificate";

    /** Below what clients take of a certificate that a public authority signs. */
    private static final Duration VALIDITY = Duration.ofDays(397);

    /** For clients whose clock is behind. */
    private static final Duration EARLIER = Duration.ofHours(1);

    private static final Duration NEXT_TRY = Duration.ofHours(1);

    private final FileAccess files;
    private final @Nullable StateFolder folder;
    private final InternalNames names;
    private final Map<String, Held> held = new HashMap<>(); // by the name of the file

    /** One that is in use. */
    private static final class Held {
        byte @Nullable [] pem; // only what is kept in memory
        int made; // how often that was made anew
        Instant renewAt = Instant.MAX;
    }

    InternalCertificates(FileAccess files, @Nullable StateFolder folder) {
        this.files = files;
        this.folder = folder;
        this.names = new InternalNames(files);
    }

    /** Reads the certificate, having made it if it is not there or about to end; blocks. */
    @Nullable
    CredentialResult read(Source.Internal source, Instant now, List<String> problems, List<String> warnings) {
        String name = fileName(source);
        Held one = held.computeIfAbsent(name, _ -> new Held());
        if (folder == null || one.pem != null) {
            return readMemory(one, source, now);
        }
        Path path = folder.path().resolve(name);
        String problem;
        try {
            problem = KeptKey.problemWith(files, path);
            if (problem == null) {
                return readFile(one, path, source, now, warnings);
            }
        } catch (IOException e) {
            problem = cannotKeep(path, e);
        }
        if (folder.isRequired()) {
            problems.add(problem + OTHER_FOLDER);
            return null;
        }
        warnings.add(problem + "; it is in memory, and another one at the next start");
        return readMemory(one, source, now);
    }

    private CredentialResult readFile(Held one, Path path, Source.Internal source, Instant now, List<String> warnings)
            throws IOException {
        CredentialResult found = files.exists(path) ? parse(files.readAll(path, FILE_BYTES_MAX), now) : null;
        if (found == null) {
            write(path, source, now);
            found = parse(files.readAll(path, FILE_BYTES_MAX), now);
        } else if (found instanceof CredentialResult.Ready old && isDue(old.credential(), now)) {
            try {
                write(path, source, now);
                found = parse(files.readAll(path, FILE_BYTES_MAX), now);
            } catch (IOException e) {
                warnings.add("cannot renew the internal certificate in " + path + ": " + reasonOf(e));
            }
        }
        noteRenewal(one, found, now);
        if (found instanceof CredentialResult.Ready ready) {
            showBeside(path, ready.credential(), warnings);
        }
        return found;
    }

    /** Puts the certificate alone beside its key, unless it is there: others may have written the one or the other, or taken it away. */
    private void showBeside(Path path, Credential credential, List<String> warnings) {
        Path alone = certificateBeside(path);
        byte[] pem = credential.leafPem();
        try {
            if (!files.exists(alone) || !Arrays.equals(pem, files.readAll(alone, FILE_BYTES_MAX))) {
                files.writeReadable(alone, pem);
            }
        } catch (IOException e) {
            warnings.add("cannot write the certificate alone, for clients that are to trust it, to " + alone + ": "
                    + reasonOf(e));
        }
    }

    private CredentialResult readMemory(Held one, Source.Internal source, Instant now) {
        byte[] pem = one.pem;
        CredentialResult found = pem == null ? null : parse(pem, now);
        if (found == null || found instanceof CredentialResult.Ready old && isDue(old.credential(), now)) {
            SelfSigned made = make(source, now);
            pem = joined(made.keyPem(), made.certificatePem());
            one.pem = pem;
            one.made++;
            found = parse(pem, now);
        }
        noteRenewal(one, found, now);
        return found;
    }

    /** A first failure to renew leaves what there is in use, and is tried again in a while. */
    private static void noteRenewal(Held one, CredentialResult found, Instant now) {
        if (found instanceof CredentialResult.Ready ready) {
            Instant due = renewalOf(ready.credential());
            one.renewAt = due.isAfter(now) ? due : now.plus(NEXT_TRY);
        }
    }

    private static boolean isDue(Credential credential, Instant now) {
        return !renewalOf(credential).isAfter(now);
    }

    /** When less than a third is left. */
    private static Instant renewalOf(Credential credential) {
        Duration validity = Duration.between(credential.notBefore(), credential.notAfter());
        return credential.notAfter().minus(validity.dividedBy(3));
    }

    /** Whether it is time for a new one. */
    boolean isRenewalDue(Source.Internal source, Instant now) {
        Held one = held.get(fileName(source));
        return one != null && !one.renewAt.isAfter(now);
    }

    /** How it looks without being read; what is in memory changes only when it is read. */
    String stamp(Source.Internal source) {
        Held one = held.get(fileName(source));
        if (folder == null || one != null && one.pem != null) {
            return "in memory, number " + (one == null ? 0 : one.made);
        }
        Path path = folder.path().resolve(fileName(source));
        try {
            return files.stamp(path) + " " + files.rights(path); // Taking rights from others puts it to use.
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void write(Path path, Source.Internal source, Instant now) throws IOException {
        SelfSigned made = make(source, now);
        byte[] key = made.keyPem();
        byte[] both = joined(key, made.certificatePem());
        try {
            files.writePrivate(path, both);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(both, (byte) 0);
        }
    }

    private SelfSigned make(Source.Internal source, Instant now) {
        try {
            return SelfSigned.make(
                    COMMON_NAME,
                    names.of(source.names()),
                    now.minus(EARLIER),
                    now.minus(EARLIER).plus(VALIDITY));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks P-256 or SHA-256", e); // which it must have
        }
    }

    private static CredentialResult parse(byte[] pem, Instant now) {
        return new CredentialReader(CredentialLimits.DEFAULTS).readPem(pem, pem, null, now);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** What keeps the certificate from being kept in {@code folder}, as far as that can be told without making it; or null. */
    static @Nullable String problemWith(FileAccess files, Path folder, Source.Internal source) {
        Path path = folder.resolve(fileName(source));
        try {
            String problem = KeptKey.problemWith(files, path);
            return problem == null ? null : problem + OTHER_FOLDER;
        } catch (IOException e) {
            return cannotKeep(path, e) + OTHER_FOLDER;
        }
    }

    private static String cannotKeep(Path path, IOException reason) {
        return "cannot keep the internal certificate in " + path + ": " + reasonOf(reason);
    }

    /** One file per set of names: listeners with the same share it. */
    private static String fileName(Source.Internal source) {
        if (source.names().isEmpty()) {
            return "internal.pem";
        }
        String sorted = String.join("\n", source.names().stream().sorted().toList());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(sorted.getBytes(StandardCharsets.US_ASCII));
            return "internal-" + HexFormat.of().formatHex(digest, 0, SUFFIX_BYTES) + ".pem";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK lacks SHA-256", e);
        }
    }

    private static Path certificateBeside(Path pem) {
        String name = String.valueOf(pem.getFileName());
        return pem.resolveSibling(name.substring(0, name.length() - ".pem".length()) + ".crt");
    }

    private static String reasonOf(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : String.valueOf(e.getMessage());
    }
}
