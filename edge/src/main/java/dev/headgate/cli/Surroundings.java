package dev.headgate.cli;

import dev.headgate.config.Address;
import dev.headgate.config.LimitsConfig;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.config.LogConfig.AccessLog;
import dev.headgate.config.LogConfig.Target;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamTls;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.secure.CertificateFiles;
import dev.headgate.secure.ClientTrustFiles;
import dev.headgate.secure.ClientTrustReading;
import dev.headgate.secure.UpstreamFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Checks of what a configuration needs around it; nothing is created or changed. */
final class Surroundings {
    /**
     * A lack, or something that should be looked at.
     *
     * @param code which
     * @param message what is missing
     */
    record Lack(ProblemCode code, String message) {
        /** Whether the proxy starts nevertheless. */
        boolean isWarning() {
            return code.isWarning();
        }
    }

    private final LongSupplier directMemoryMaxBytes;

    Surroundings(LongSupplier directMemoryMaxBytes) {
        this.directMemoryMaxBytes = directMemoryMaxBytes;
    }

    /**
     * Reports what keeps the proxy from starting; returns whether nothing does. A budget that is not above the default is
     * not compared with the JVM's memory: asking takes longer than the rest of the start, and the packaged flags hold it.
     */
    boolean checkForStart(ProxyConfig config, Console console) {
        List<Lack> lacks = new ArrayList<>();
        checkFiles(config, lacks);
        if (config.limits().memoryBytes() > LimitsConfig.MEMORY_BYTES_DEFAULT) checkMemory(config, lacks);
        for (Lack lack : lacks) console.fail(lack.code(), lack.message());
        return lacks.isEmpty();
    }

    /**
     * Everything that is missing, and what should be looked at.
     *
     * @param state the folder for what the proxy makes itself
     */
    List<Lack> find(ProxyConfig config, Path state) {
        List<Lack> lacks = new ArrayList<>();
        checkFiles(config, lacks);
        checkCertificates(config, state, lacks);
        checkMemory(config, lacks);
        return lacks;
    }

    private void checkMemory(ProxyConfig config, List<Lack> lacks) {
        long budgetBytes = config.limits().memoryBytes();
        long maxBytes = directMemoryMaxBytes.getAsLong();
        if (budgetBytes <= maxBytes) return;
        lacks.add(new Lack(
                ProblemCode.DOES_NOT_FIT,
                "limits.memory is larger than the JVM's direct memory: memory=" + budgetBytes + ", MaxDirectMemorySize="
                        + maxBytes + " bytes"));
    }

    private static void checkFiles(ProxyConfig config, List<Lack> lacks) {
        AccessLog access = config.log().access().orElse(null);
        if (access != null) checkLog(access.target(), lacks);
        for (ListenerConfig listener : config.listeners()) {
            if (listener.address() instanceof Address.Unix(String path)) checkSocket(listener.name(), path, lacks);
        }
        config.upstreams().values().forEach(upstream -> checkReplayFolder(upstream, lacks));
    }

    /** A start reads them itself, and says the same. */
    private static void checkCertificates(ProxyConfig config, Path state, List<Lack> lacks) {
        FileAccess files = EngineOptions.DEFAULTS.io().files();
        Instant now = Instant.now();
        for (ListenerConfig listener : config.listeners()) {
            ListenerTls tls = listener.tls().orElse(null);
            if (tls == null || !tls.isTerminating()) continue;
            String who = "the listener " + listener.name();
            CertificateFiles.Result own = new CertificateFiles(files).read(tls, now);
            ClientTrustReading clients = new ClientTrustFiles(files).readAll(tls.clientAuth(), now);
            addSpeechless(who, CertificateFiles.problemsWithFolder(files, tls, state), lacks);
            addSpeechless(who, own.problems(), lacks);
            addSpeechless(who, clients.problems(), lacks);
            addQuestionable(who, own.warnings(), lacks);
            addQuestionable(who, clients.warnings(), lacks);
        }
        for (UpstreamConfig upstream : config.upstreams().values()) {
            UpstreamTls tls = upstream.tls().orElse(null);
            if (tls == null) continue;
            String who = "the upstream " + upstream.name();
            UpstreamFiles.Result read = new UpstreamFiles(files, InstantSource.system()).read(tls);
            addSpeechless(who, read.problems(), lacks);
            addQuestionable(who, read.warnings(), lacks);
        }
    }

    private static void addSpeechless(String who, List<String> problems, List<Lack> lacks) {
        for (String problem : problems) {
            lacks.add(new Lack(ProblemCode.CERTIFICATE_UNUSABLE, who + " cannot speak TLS: " + problem));
        }
    }

    private static void addQuestionable(String who, List<String> warnings, List<Lack> lacks) {
        for (String warning : warnings) {
            lacks.add(new Lack(ProblemCode.CERTIFICATE_QUESTIONABLE, who + ": " + warning));
        }
    }

    private static void checkLog(Target target, List<Lack> lacks) {
        if (!(target instanceof Target.File(String name))) return;
        Path path = Path.of(name).toAbsolutePath();
        Path folder = path.getParent();
        if (Files.isDirectory(path)) {
            lacks.add(new Lack(ProblemCode.FILE_UNWRITABLE, "the access log " + name + " is a directory"));
        } else if (Files.exists(path) ? !Files.isWritable(path) : folder == null || !Files.isDirectory(folder)) {
            String reason = Files.exists(path) ? "permission denied" : "its folder is not there";
            lacks.add(
                    new Lack(ProblemCode.FILE_UNWRITABLE, "the access log " + name + " cannot be written: " + reason));
        } else if (!Files.exists(path) && !Files.isWritable(folder)) {
            lacks.add(new Lack(
                    ProblemCode.FILE_UNWRITABLE, "the access log " + name + " cannot be created: permission denied"));
        }
    }

    private static void checkReplayFolder(UpstreamConfig upstream, List<Lack> lacks) {
        upstream.retry().replayFile().ifPresent(file -> {
            Path folder = Path.of(file.folder());
            if (Files.isDirectory(folder) && Files.isWritable(folder)) return;
            String reason = Files.isDirectory(folder) ? "permission denied" : "it is no folder";
            lacks.add(new Lack(
                    ProblemCode.FILE_UNWRITABLE,
                    "the upstream " + upstream.name() + " cannot have temporary files in " + folder + ": " + reason));
        });
    }

    private static void checkSocket(String listener, String name, List<Lack> lacks) {
        Path folder = Path.of(name).getParent();
        if (folder != null && Files.isDirectory(folder)) return;
        String message = "the listener " + listener + " cannot bind unix:" + name + ": its folder is not there";
        lacks.add(new Lack(ProblemCode.FILE_UNWRITABLE, message));
    }
}
