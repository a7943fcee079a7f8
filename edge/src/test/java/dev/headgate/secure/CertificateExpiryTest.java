package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamTls;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.exchange.Cause;
import dev.headgate.http.Violation;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.StreamLogger;
import dev.headgate.tls.credential.CoveredNames;
import dev.headgate.tls.credential.SelfSigned;
import dev.headgate.tls.transport.TlsOptions;
import dev.headgate.tls.transport.TlsRuntime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of certificates that come near their end while the process runs, the time being moved by the test. */
class CertificateExpiryTest {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration BEFORE = Duration.ofMinutes(2); // of a stage
    private static final Pattern LINE = Pattern.compile(
            "event=certificate_questionable (\\w+)=(\\w+) finding=\"\\S*/([^/]*)\\.pem(?::\\d+)?: (\\S+): .*; expected (.*)\"");

    private static final String TWO = """
            version: 1
            listeners:
              - {name: web, address: 127.0.0.1:0, tls: {watch: 1s, certificates: [{chain: F/a.pem, key: F/a.pem}]}}
              - {name: other, address: 127.0.0.1:0, tls: {watch: 1s, certificates: [{chain: F/a.pem, key: F/a.pem}]}}
            routes: [{respond: {body: x}}]
            """;
    private static final String ONE = """
            version: 1
            listeners:
              - {name: web, address: 127.0.0.1:0, tls: {watch: WATCH, certificates: [CERTIFICATES]}}
            routes: [{respond: {body: x}}]
            """;
    private static final String ORIGIN = """
            version: 1
            listeners: [{name: web, address: 127.0.0.1:0}]
            upstreams:
              app: {endpoints: "127.0.0.1:1", tls: {watch: WATCH, clientCertificate: {chain: F/a.pem, key: F/a.pem}}}
              bare: {endpoints: "127.0.0.1:1", tls: {watch: WATCH}}
            routes: [{match: {path: /bare}, to: bare}, {to: app}]
            """;

    @TempDir
    Path folder;

    private final MovedTime time = new MovedTime();
    private final FileAccess files = EngineOptions.DEFAULTS.io().files();
    private final Metrics metrics = new Metrics(1, Cause.COUNT, Violation.values().length, 1);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final ErrorLog errors = new ErrorLog(
            new StreamLogger(
                    new PrintStream(log, true, StandardCharsets.UTF_8), System.Logger.Level.WARNING, time::wallMs),
            time::monotonicNs);
    private final TlsRuntime runtime = new TlsRuntime(EngineOptions.DEFAULTS.io(), 1, TlsOptions.defaults());

    private final Instant end = time.wall.plus(Duration.ofDays(40)).truncatedTo(ChronoUnit.SECONDS);

    @AfterEach
    void close() {
        runtime.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "0s"})
    void eachStageIsToldOnce(String watching) throws IOException {
        write("a", end);
        CertificateWatch watch = start(one(watching, "a"));
        assertFalse(watch.isEmpty());
        assertTold(watch, "", end.minus(Duration.ofDays(30)));
        assertTold(watch, "web a soon: more than 30 days left", end.minus(Duration.ofDays(7)));
        assertTold(watch, "web a soon: more than 7 days left", end.minus(Duration.ofDays(1)));
        assertTold(watch, "web a soon: more than a day left", end);
        assertTold(watch, "web a expired: a valid one", end.plus(Duration.ofDays(400)));
    }

    @Test
    void ofStagesThatWereMissedTheLastIsTold() throws IOException {
        write("a", end);
        CertificateWatch watch = start(one("1s", "a"));
        time.wall = end.minus(Duration.ofDays(3));
        assertTold(watch, "web a soon: more than 7 days left", end.minus(Duration.ofDays(1)));
    }

    @Test
    void whatTheStartHasToldIsNotToldAgain() throws IOException {
        write("a", time.wall.plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.SECONDS));
        CertificateWatch watch = start(one("1s", "a"));
        assertTold(watch, "", time.wall.plus(Duration.ofDays(1)));
    }

    @Test
    void aClockThatIsSetBackHasNothingToldTwice() throws IOException {
        write("a", end);
        CertificateWatch watch = start(one("1s", "a"));
        time.wall = end.minus(Duration.ofDays(20));
        look(watch);
        assertEquals("web a soon: more than 30 days left", told());
        time.wall = end.minus(Duration.ofDays(35));
        look(watch);
        time.wall = end.minus(Duration.ofDays(20));
        look(watch);
        assertEquals("", told());
    }

    /** Its reader tells how long it is good for, and the watch goes on from there. */
    @Test
    void aRenewedOneStartsAnew() throws IOException {
        write("a", end);
        CertificateWatch watch = start(one("1s", "a"));
        time.wall = end.minus(Duration.ofDays(3));
        look(watch);
        assertEquals("web a soon: more than 7 days left", told());
        Instant renewed = time.wall.plus(Duration.ofDays(20)).truncatedTo(ChronoUnit.SECONDS);
        write("a", renewed);
        look(watch);
        assertEquals("web a soon: more than 30 days left", told(), "once, by the reader");
        assertTold(watch, "", renewed.minus(Duration.ofDays(7)));
        assertTold(watch, "web a soon: more than 7 days left", renewed.minus(Duration.ofDays(1)));
    }

    @Test
    void aRenewedOneThatIsGoodForLongIsToldOfAsTheFirst() throws IOException {
        write("a", end);
        CertificateWatch watch = start(one("1s", "a"));
        time.wall = end.minus(Duration.ofDays(29));
        look(watch);
        Instant renewed = end.plus(Duration.ofDays(90));
        write("a", renewed);
        look(watch);
        assertEquals("web a soon: more than 30 days left", told());
        assertTold(watch, "", renewed.minus(Duration.ofDays(30)));
        assertTold(watch, "web a soon: more than 30 days left", renewed.minus(Duration.ofDays(7)));
    }

    @Test
    void eachListenerHasItsOwn() throws IOException {
        write("a", end);
        CertificateWatch watch = start(TWO);
        assertTold(watch, "", end.minus(Duration.ofDays(30)));
        String each = "web a soon: more than %s left, other a soon: more than %1$s left";
        assertTold(watch, each.formatted("30 days"), end.minus(Duration.ofDays(7)));
        assertTold(watch, each.formatted("7 days"), end.minus(Duration.ofDays(1)));
    }

    @Test
    void eachCertificateHasItsOwn() throws IOException {
        write("a", end);
        write("b", end.plus(Duration.ofDays(2)));
        CertificateWatch watch = start(one("1s", "a", "b"));
        assertTold(watch, "", end.minus(Duration.ofDays(30)));
        assertTold(watch, "web a soon: more than 30 days left", end.minus(Duration.ofDays(28)));
        assertTold(watch, "web b soon: more than 30 days left", end.minus(Duration.ofDays(7)));
    }

    /** So many that the log would suppress some. */
    @Test
    void allThatEndTogetherAreTold() throws IOException {
        String[] names = IntStream.range(0, 24).mapToObj(i -> "c" + i).toArray(String[]::new);
        for (String name : names) {
            write(name, end);
        }
        CertificateWatch watch = start(one("1s", names));
        time.wall = end.plus(LOOK);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 2 * names.length; i++) {
            look(watch, Duration.ofMinutes(1));
            if (log.size() > 0) all.add(told());
        }
        List<String> expected = IntStream.range(0, names.length)
                .mapToObj(i -> "web " + names[i] + " expired: a valid one")
                .toList();
        assertEquals(String.join(", ", expected), String.join(", ", all));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "0s"})
    void whatOriginsAreShownIsToldOfToo(String watching) throws IOException {
        write("a", end);
        CertificateWatch watch = start(ORIGIN.replace("WATCH", watching));
        assertTold(watch, "", end.minus(Duration.ofDays(30)));
        assertTold(watch, "app a soon: more than 30 days left", end.minus(Duration.ofDays(7)));
        assertTold(watch, "app a soon: more than 7 days left", end.minus(Duration.ofDays(1)));
    }

    @Test
    void anUpstreamWithoutFilesNeedsNoWatch() throws IOException {
        CertificateWatch watch = start("""
                version: 1
                listeners: [{name: web, address: 127.0.0.1:0}]
                upstreams: {app: {endpoints: "127.0.0.1:1", tls: {}}}
                routes: [{to: app}]
                """);
        assertTrue(watch.isEmpty());
    }

    // ---- aids

    /** What is told from now to a while before {@code until}, from look to look. */
    private void assertTold(CertificateWatch watch, String expected, Instant until) {
        look(watch);
        assertEquals(expected, told());
        time.wall = until.minus(BEFORE);
        look(watch);
        assertEquals("", told());
        time.wall = until.plus(LOOK);
    }

    private void look(CertificateWatch watch) {
        look(watch, LOOK.multipliedBy(80));
    }

    private void look(CertificateWatch watch, Duration length) {
        for (long i = 0; i < length.toSeconds(); i++) {
            time.monotonicNs += LOOK.toNanos();
            time.wall = time.wall.plus(LOOK);
            watch.doWork(time.monotonicNs);
            errors.doWork(time.monotonicNs);
        }
    }

    /** What the log has been told of since this was asked. */
    private String told() {
        List<String> all = new ArrayList<>();
        for (String line : log.toString(StandardCharsets.UTF_8).lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.find()) {
                String what =
                        matcher.group(4).replace("certificate.expires_", "").replace("certificate.", "");
                all.add("%s %s %s: %s".formatted(matcher.group(2), matcher.group(3), what, matcher.group(5)));
            } else if (!line.contains("event=certificates_changed")) {
                all.add(line);
            }
        }
        log.reset();
        return String.join(", ", all);
    }

    /** A certificate and its key, as one file that takes the place of another in one step. */
    private void write(String name, Instant until) throws IOException {
        try {
            CoveredNames names = new CoveredNames(Set.of(name + ".test"), Set.of(), Set.of());
            SelfSigned made = SelfSigned.make(name, names, time.wall.minus(Duration.ofDays(1)), until);
            Path next = folder.resolve("next");
            Files.writeString(
                    next,
                    new String(made.certificatePem(), StandardCharsets.US_ASCII)
                            + new String(made.keyPem(), StandardCharsets.US_ASCII));
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
            Files.move(next, folder.resolve(name + ".pem"), StandardCopyOption.REPLACE_EXISTING);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String one(String watching, String... names) {
        List<String> certificates = new ArrayList<>();
        for (String name : names) {
            certificates.add("{chain: F/%s.pem, key: F/%s.pem}".formatted(name, name));
        }
        return ONE.replace("WATCH", watching).replace("CERTIFICATES", String.join(", ", certificates));
    }

    private CertificateWatch start(String text) throws IOException {
        ProxyConfig config = ConfigLoader.parse("f", text.replace("F/", folder + "/"), Environment.of(Map.of()))
                .orThrow();
        CertificateFiles reader = new CertificateFiles(files);
        CertificateWatch watch = new CertificateWatch(reader, new ClientTrustFiles(files), time, errors);
        try {
            for (ListenerConfig listener : config.listeners()) {
                if (listener.tls().isPresent()) add(watch, reader, listener);
            }
            for (UpstreamConfig upstream : config.upstreams().values()) {
                add(watch, upstream);
            }
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return watch;
    }

    private void add(CertificateWatch watch, CertificateFiles reader, ListenerConfig listener)
            throws GeneralSecurityException {
        ListenerTls settings = listener.tls().orElseThrow();
        ListenerSecurity security = ListenerSecurity.create(
                listener,
                settings,
                reader.read(settings, time.wall).identities().orElseThrow(),
                new ClientTrustFiles(files).readAll(settings.clientAuth(), time.wall),
                () -> time.wall,
                metrics.listener(listener.name()).tls(),
                errors);
        watch.add(settings, security, reader.stamps(settings));
    }

    private void add(CertificateWatch watch, UpstreamConfig upstream) throws GeneralSecurityException {
        UpstreamTls settings = upstream.tls().orElseThrow();
        UpstreamFiles reader = new UpstreamFiles(files, () -> time.wall);
        UpstreamSecurity security = UpstreamSecurity.create(
                upstream,
                settings,
                reader.read(settings).settings().orElseThrow(),
                false,
                runtime,
                metrics.upstream(upstream.name()).tls());
        watch.add(reader, settings, security, reader.stamps(settings));
    }
}
