package dev.headgate.cli;

import dev.headgate.config.Address;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.LogConfig.AccessLog;
import dev.headgate.config.LogConfig.Target;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.source.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks of what a configuration needs around it; nothing is created or changed. */
final class Surroundings {
    /**
     * A lack.
     *
     * @param code which
     * @param message what is missing
     */
    record Lack(ProblemCode code, String message) {}

    private Surroundings() {}

    /** Reports what is missing; returns whether nothing is. */
    static boolean check(ProxyConfig config, Console console) {
        List<Lack> lacks = find(config);
        lacks.forEach(lack -> console.fail(lack.code(), lack.message()));
        return lacks.isEmpty();
    }

    static List<Lack> find(ProxyConfig config) {
        List<Lack> lacks = new ArrayList<>();
        config.log().access().map(AccessLog::target).ifPresent(target -> checkLog(target, lacks));
        for (ListenerConfig listener : config.listeners()) {
            if (listener.address() instanceof Address.Unix(String path)) checkSocket(listener.name(), path, lacks);
        }
        return lacks;
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

    private static void checkSocket(String listener, String name, List<Lack> lacks) {
        Path folder = Path.of(name).getParent();
        if (folder != null && Files.isDirectory(folder)) return;
        String message = "the listener " + listener + " cannot bind unix:" + name + ": its folder is not there";
        lacks.add(new Lack(ProblemCode.FILE_UNWRITABLE, message));
    }
}
