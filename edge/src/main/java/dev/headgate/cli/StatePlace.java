package dev.headgate.cli;

import dev.headgate.config.Environment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the program keeps what it makes itself: where it is told, or where the system has a place for it. */
final class StatePlace {
    private static final String NAME = "headgate";
    private static final Path OF_SYSTEM = Path.of("/var/lib", NAME);

    private StatePlace() {}

    /** @param told what the command line says; empty: nothing */
    static Path of(String told, Environment environment) {
        if (!told.isEmpty()) return Path.of(told);
        String ours = variable(environment, "HEADGATE_STATE");
        if (ours != null) return Path.of(ours);
        String ofService = variable(environment, "STATE_DIRECTORY"); // set by systemd, perhaps with several folders
        if (ofService != null) return Path.of(ofService.split(":", -1)[0]);
        String ofUser = variable(environment, "XDG_STATE_HOME");
        if (ofUser != null && Path.of(ofUser).isAbsolute()) return Path.of(ofUser, NAME);
        String home = variable(environment, "HOME");
        return home == null ? OF_SYSTEM : Path.of(home, ".local", "state", NAME);
    }

    private static @Nullable String variable(Environment environment, String name) {
        String value = environment.variable(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
