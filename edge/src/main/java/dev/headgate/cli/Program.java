package dev.headgate.cli;

import dev.headgate.config.Environment;
import java.util.function.LongSupplier;

/** The command line from arguments to exit code, apart from the process around it. */
public final class Program {
    private final Environment environment;
    private final Surroundings surroundings;
    private final Console console;
    private final ProxyRun run;

    Program(
            Launcher launcher,
            Signals signals,
            LongSupplier uptimeMs,
            Environment environment,
            Surroundings surroundings,
            Console console) {
        this.environment = environment;
        this.surroundings = surroundings;
        this.console = console;
        this.run = new ProxyRun(launcher, signals, uptimeMs, console);
    }

    /** A program that belongs to this process: its streams, variables, signals and age. */
    public static Program ofProcess(Launcher launcher) {
        return new Program(
                launcher,
                new ProcessSignals(),
                ProcessAge::ms,
                Environment.ofProcess(),
                new Surroundings(DirectMemory::maxBytes),
                new Console(System.out, System.err));
    }

    /** Does what {@code args} ask for; returns the exit code. */
    public int execute(String... args) {
        // These two stay clear of the library that understands all the rest: it is loaded from its jar class by class,
        // for its class files are too old for an AOT cache. And training is to train what a start will do.
        String plainRun = RunCommand.plainFile(args);
        if (plainRun != null) return new RunCommand(environment, surroundings, console, run).execute(plainRun, "");
        if (TrainCommand.isMeant(args)) return new TrainCommand(surroundings, console, run, args.length > 1).execute();
        return new CommandLineProgram(environment, surroundings, console, run).execute(args);
    }
}
