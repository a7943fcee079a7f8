package dev.headgate.cli;

import dev.headgate.cli.spi.FurtherCommand;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Commands that other modules bring. The launcher puts these modules on the module path only when they are asked for. */
final class FurtherCommands {
    static final String BENCH = "bench";

    private final Console console;

    FurtherCommands(Console console) {
        this.console = console;
    }

    /** Whether a command of that name is brought by another module, if it is there. */
    static boolean isOne(String name) {
        return name.equals(BENCH);
    }

    int execute(String name, List<String> arguments) {
        Optional<FurtherCommand> command = ServiceLoader.load(FurtherCommand.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        if (command.isPresent()) return command.get().execute(arguments, console.out(), console.err());
        console.err()
                .println("headgate: " + name + " is not part of this installation: there is no lib/" + name
                        + " with its modules");
        return ExitCode.ENVIRONMENT;
    }
}
