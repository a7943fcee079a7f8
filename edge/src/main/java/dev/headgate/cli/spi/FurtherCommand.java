package dev.headgate.cli.spi;

import java.io.PrintStream;
import java.util.List;

/**
 * A command of the {@code headgate} program that lives in a module of its own, so that {@code headgate run} neither loads
 * nor looks for it. Providers are found by {@link java.util.ServiceLoader}.
 */
public interface FurtherCommand {
    /** The word behind {@code headgate}. */
    String name();

    /**
     * Does what {@code arguments} ask for, {@code --help} included.
     *
     * @param arguments those behind the command's name
     * @param out for what was asked for
     * @param err for everything else
     * @return the exit code: 0 fine, 1 a failure at run time, 2 a mistake on the command line, 3 the surroundings
     */
    int execute(List<String> arguments, PrintStream out, PrintStream err);
}
