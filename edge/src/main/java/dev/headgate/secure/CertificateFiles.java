package dev.headgate.secure;

import dev.headgate.config.ListenerTls;
import dev.headgate.config.ListenerTls.Certificate;
import dev.headgate.config.ListenerTls.Source;
import dev.headgate.config.StateFolder;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.FileRights;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.credential.CredentialResult;
import dev.headgate.tls.finding.Finding;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads certificates with their keys. Messages name files and lines, and never what a key file holds. */
public final class CertificateFiles {
    private static final CredentialLimits LIMITS = CredentialLimits.DEFAULTS;
    private static final String CANNOT_READ = "cannot read ";
    private static final int FILE_BYTES_MAX = 1 << 20;

    /** What only clients look at. */
    private static final Set<FindingCode> OF_NO_MATTER_TO_SERVERS = EnumSet.of(
            FindingCode.CERTIFICATE_PURPOSE,
            FindingCode.CERTIFICATE_MUST_STAPLE,
            FindingCode.NAMES_NONE,
            FindingCode.NAME_UNUSABLE);

    private final FileAccess files;
    private final InternalCertificates internals;

    /** Without a folder: certificates of the proxy's own are in memory. */
    public CertificateFiles(FileAccess files) {
        this(files, null);
    }

    /** @param folder where certificates of the proxy's own are kept */
    public CertificateFiles(FileAccess files, @Nullable StateFolder folder) {
        this.files = files;
        this.internals = new InternalCertificates(files, folder);
    }

    /**
     * What the files of a listener held.
     *
     * @param identities empty when there are none to put to use
     * @param problems what is wrong, one sentence each
     * @param warnings what works and should be looked at
     */
    public record Result(Optional<Identities> identities, List<String> problems, List<String> warnings) {
        public Result {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /** Whether a file could not even be read, which may change without a change of the file. */
        boolean isUnreadable() {
            return areUnreadable(problems);
        }
    }

    static boolean areUnreadable(List<String> problems) {
        return problems.stream().anyMatch(problem -> problem.startsWith(CANNOT_READ));
    }

    /** What keeps certificates of the proxy's own from being kept in {@code folder}, as far as that can be told without making any. */
    public static List<String> problemsWithFolder(FileAccess files, ListenerTls tls, Path folder) {
        List<String> problems = new ArrayList<>();
        for (Certificate certificate : tls.certificates()) {
            if (certificate.source() instanceof Source.Internal internal) {
                String problem = InternalCertificates.problemWith(files, folder, internal);
                if (problem != null) problems.add(problem);
            }
        }
        return problems;
    }

    /**
     * Looks at all files of a listener; blocks. What cannot be looked at has the reason in its place, so that its coming back is a
     * change.
     */
    public List<String> stamps(ListenerTls tls) {
        List<String> stamps = new ArrayList<>();
        for (Certificate certificate : tls.certificates()) {
            stamps.addAll(stamps(certificate.source()));
        }
        return stamps;
    }

    List<String> stamps(Source source) {
        return switch (source) {
            case Source.Pem pem -> List.of(stamp(pem.chain()), stamp(pem.key()));
            case Source.Store store -> List.of(stamp(store.store()));
            case Source.Internal internal -> List.of(internals.stamp(internal));
        };
    }

    String stamp(String path) {
        try {
            return files.stamp(Path.of(path)).toString();
        } catch (IOException | InvalidPathException e) {
            return e.toString();
        }
    }

    /** {@link #stamps} from before a first reading, but for certificates of the proxy's own, which the reading may have made. */
    public List<String> stampsAfterReading(ListenerTls tls, List<String> before) {
        List<String> after = new ArrayList<>();
        for (Certificate certificate : tls.certificates()) {
            List<String> seen = stamps(certificate.source());
            boolean isOwn = certificate.source() instanceof Source.Internal;
            after.addAll(isOwn ? seen : before.subList(after.size(), after.size() + seen.size()));
        }
        return after;
    }

    /** Whether a certificate of the proxy's own is to be made anew, which {@link #read} does. */
    boolean isRenewalDue(ListenerTls tls, Instant now) {
        for (Certificate certificate : tls.certificates()) {
            if (certificate.source() instanceof Source.Internal internal && internals.isRenewalDue(internal, now)) {
                return true;
            }
        }
        return false;
    }

    /** Reads all certificates of a listener, and makes those of the proxy's own that are missing; blocks. No identities when anything is wrong. */
    public Result read(ListenerTls tls, Instant now) {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<Credential> all = new ArrayList<>();
        for (Certificate certificate : tls.certificates()) {
            Credential credential = read(certificate.source(), now, problems, warnings);
            if (credential != null) all.add(credential);
        }
        Identities identities = problems.isEmpty() ? identities(tls, all) : null;
        return new Result(Optional.ofNullable(identities), problems, warnings);
    }

    /**
     * The same while {@code inUse}, an earlier reading, is in use: in place of what is wrong stays what was there before.
     *
     * @return no identities when something is wrong and all the rest is as it was
     */
    Result readAgain(ListenerTls tls, Identities inUse, Instant now) {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<Credential> all = new ArrayList<>();
        for (Certificate certificate : tls.certificates()) {
            List<String> wrong = new ArrayList<>();
            Credential credential = read(certificate.source(), now, wrong, warnings);
            Credential before = inUse.all().get(all.size());
            all.add(credential == null || !wrong.isEmpty() ? before : credential);
            problems.addAll(wrong);
        }
        boolean isOfUse = problems.isEmpty() || !chains(all).equals(chains(inUse.all()));
        return new Result(isOfUse ? Optional.of(identities(tls, all)) : Optional.empty(), problems, warnings);
    }

    private static List<List<X509Certificate>> chains(List<Credential> all) {
        return all.stream().map(Credential::chain).toList();
    }

    /** @param all one for each certificate of the settings, in their order */
    private static Identities identities(ListenerTls tls, List<Credential> all) {
        List<Credential> fallback = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (tls.certificates().get(i).isDefault()) fallback.add(all.get(i));
        }
        return fallback.isEmpty() ? Identities.of(all) : Identities.withDefault(all, fallback);
    }

    /** Reads a certificate that is shown to servers; blocks. For which names it is does not matter to them. */
    @Nullable
    Credential readClient(Source source, Instant now, List<String> problems, List<String> warnings) {
        return read(source, now, OF_NO_MATTER_TO_SERVERS, problems, warnings);
    }

    private @Nullable Credential read(Source source, Instant now, List<String> problems, List<String> warnings) {
        return read(source, now, Set.of(), problems, warnings);
    }

    private @Nullable Credential read(
            Source source, Instant now, Set<FindingCode> untold, List<String> problems, List<String> warnings) {
        CredentialResult result = switch (source) {
            case Source.Pem pem -> readPem(pem, now, problems);
            case Source.Store store -> readStore(store, now, problems);
            case Source.Internal internal -> internals.read(internal, now, problems, warnings);
        };
        if (result == null) return null;
        switch (source) {
            case Source.Pem pem -> warnOfRights(pem.key(), Input.KEY, source, warnings);
            case Source.Store store -> warnOfRights(store.store(), Input.KEY_STORE, source, warnings);
            case Source.Internal _ -> {} // One that others can get at is not used at all.
        }
        List<Finding> told = result.findings().stream()
                .filter(finding -> !untold.contains(finding.code()))
                .toList();
        tell(told, finding -> fileOf(source, finding), problems, warnings);
        return result instanceof CredentialResult.Ready ready ? ready.credential() : null;
    }

    /** Whoever can read a key can be the server; a group that may read it is the operator's choice. Folders, which may keep others out, do not count. */
    private void warnOfRights(String path, Input input, Source source, List<String> warnings) {
        FileRights rights;
        try {
            rights = files.rights(Path.of(path)).orElse(null);
        } catch (IOException e) {
            return; // It has been read, and is gone: a matter of the next look.
        }
        if (rights == null || !rights.mayEverybodyRead() && !rights.mayOthersWrite()) return;
        String what = rights.mayOthersWrite() ? "write" : "read";
        warnings.add(sentence(
                source,
                new Finding(
                        FindingCode.KEY_EXPOSED,
                        input,
                        0,
                        "a key in a file that others than its owner may " + what + " (" + rights.mode() + ")",
                        "rw-r----- or less: chmod 640 " + path)));
    }

    private @Nullable CredentialResult readPem(Source.Pem pem, Instant now, List<String> problems) {
        byte[] chain = bytes(pem.chain(), problems);
        byte[] key = bytes(pem.key(), problems);
        if (chain == null || key == null) return null;
        char[] passphrase = pem.passphrase().map(secret -> secret.reveal()).orElse(null);
        try {
            return new CredentialReader(LIMITS).readPem(chain, key, passphrase, now);
        } finally {
            Arrays.fill(key, (byte) 0);
            wipe(passphrase);
        }
    }

    private @Nullable CredentialResult readStore(Source.Store store, Instant now, List<String> problems) {
        byte[] bytes = bytes(store.store(), problems);
        if (bytes == null) return null;
        char[] password = store.password().reveal();
        try {
            return new CredentialReader(LIMITS)
                    .readPkcs12(bytes, password, store.alias().orElse(null), now);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            wipe(password);
        }
    }

    private static void wipe(char @Nullable [] word) {
        if (word != null) Arrays.fill(word, '\0');
    }

    /** A whole file, or null with a problem more. */
    byte @Nullable [] bytes(String path, List<String> problems) {
        return bytes(path, FILE_BYTES_MAX, problems);
    }

    byte @Nullable [] bytes(String path, int bytesMax, List<String> problems) {
        try {
            return files.readAll(Path.of(path), bytesMax);
        } catch (NoSuchFileException e) {
            problems.add(CANNOT_READ + path + ": there is no such file");
        } catch (AccessDeniedException e) {
            problems.add(CANNOT_READ + path + ": permission denied");
        } catch (InvalidPathException e) {
            problems.add(CANNOT_READ + path + ": not a path");
        } catch (IOException e) {
            problems.add(CANNOT_READ + path + ": " + e.getMessage());
        }
        return null;
    }

    /** Sorts findings by what they mean, each in a sentence that begins with its file. */
    static void tell(
            List<Finding> findings, Function<Finding, String> fileOf, List<String> problems, List<String> warnings) {
        for (Finding finding : findings) {
            switch (finding.code().severity()) {
                case PROBLEM -> problems.add(sentence(fileOf.apply(finding), finding));
                case WARNING -> warnings.add(sentence(fileOf.apply(finding), finding));
                case NOTE -> {}
            }
        }
    }

    /** The same for one. */
    static String sentence(Source source, Finding finding) {
        return sentence(fileOf(source, finding), finding);
    }

    private static String fileOf(Source source, Finding finding) {
        return switch (finding.input()) {
            case CERTIFICATES, KEY_STORE, TRUST, REVOCATION -> source.path();
            case KEY -> source instanceof Source.Pem pem ? pem.key() : source.path();
        };
    }

    private static String sentence(String path, Finding finding) {
        String place = finding.line() == 0 ? path : path + ":" + finding.line();
        return place + ": " + finding.code().token() + ": found " + finding.found() + "; expected "
                + finding.expected();
    }
}
