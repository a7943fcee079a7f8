package dev.headgate.cli;

import dev.headgate.config.ConfigLoader;
import dev.headgate.config.ConfigResult;
import dev.headgate.config.Environment;
import dev.headgate.config.Unreadable;
import dev.headgate.config.source.ProblemCode;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A configuration file named on the command line. */
final class ConfigFile {
    private ConfigFile() {}

    /** What the file holds, or null after saying why it cannot be read. */
    static @Nullable ConfigResult load(String name, Environment environment, Console console) {
        try {
            return ConfigLoader.load(Path.of(name), environment);
        } catch (IOException e) {
            console.fail(ProblemCode.FILE_UNREADABLE, "cannot read " + name + ": " + Unreadable.reason(e, name));
        } catch (InvalidPathException e) {
            console.fail(ProblemCode.FILE_UNREADABLE, "cannot read " + name + ": not a path");
        }
        return null;
    }
}
