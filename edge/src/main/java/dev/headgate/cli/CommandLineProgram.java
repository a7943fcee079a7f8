package dev.headgate.cli;

import dev.headgate.cli.CheckCommand.Format;
import dev.headgate.config.Environment;
import dev.headgate.config.source.ProblemCode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line in full: options in any order, help, suggestions. */
final class CommandLineProgram {
    private static final int EXPLANATION_WIDTH = 100;
    private static final int PORT_MAX = 65535;

    private final Environment environment;
    private final Surroundings surroundings;
    private final Console console;
    private final ProxyRun run;

    CommandLineProgram(Environment environment, Surroundings surroundings, Console console, ProxyRun run) {
        this.environment = environment;
        this.surroundings = surroundings;
        this.console = console;
        this.run = run;
    }

    int execute(String... args) {
        // Its options are its own: what follows is not looked at here.
        if (args.length > 0 && FurtherCommands.isOne(args[0])) {
            return new FurtherCommands(console)
                    .execute(args[0], Arrays.asList(args).subList(1, args.length));
        }
        CommandLine commandLine = new CommandLine(CommandLineSyntax.create());
        try {
            return dispatch(commandLine.parseArgs(args), commandLine);
        } catch (ParameterException e) {
            console.err().println("headgate: " + messageOf(e));
            if (!UnmatchedArgumentException.printSuggestions(e, console.err())) {
                console.err().println("See headgate help.");
            }
            return ExitCode.CONFIGURATION;
        }
    }

    /** Says in our own words what picocli says in those of its parser. */
    private static @Nullable String messageOf(ParameterException failure) {
        CommandLine at = failure.getCommandLine();
        boolean atRoot = at.getParent() == null;
        return switch (failure) {
            case UnmatchedArgumentException unmatched
            when unmatched.isUnknownOption() ->
                "there is no option " + unmatched.getUnmatched().getFirst();
            case UnmatchedArgumentException unmatched
            when atRoot -> "there is no command " + unmatched.getUnmatched().getFirst();
            case UnmatchedArgumentException unmatched ->
                at.getCommandName() + " does not take " + String.join(" ", unmatched.getUnmatched());
            case MissingParameterException missing
            when missing.getMissing().contains(at.getCommandSpec().findOption(CommandLineSyntax.CONFIG)) ->
                at.getCommandName() + " wants -c FILE";
            default -> failure.getMessage();
        };
    }

    private int dispatch(ParseResult root, CommandLine commandLine) {
        ParseResult command = root.hasSubcommand() ? root.subcommand() : root;
        if (command.isUsageHelpRequested()) return usage(command.commandSpec().commandLine());
        if (root.hasMatchedOption(CommandLineSyntax.VERSION)) return version();
        if (command == root) {
            commandLine.usage(console.err());
            return ExitCode.CONFIGURATION;
        }
        return switch (command.commandSpec().name()) {
            case "run" ->
                new RunCommand(environment, surroundings, console, run)
                        .execute(text(command, CommandLineSyntax.CONFIG), text(command, CommandLineSyntax.STATE));
            case "check" -> check(command, commandLine);
            case "demo" -> demo(command, commandLine);
            case "config" -> config(command, commandLine);
            case "version" -> version();
            case "help" -> help(command, commandLine);
            case TrainCommand.NAME -> train(command, commandLine);
            default -> throw new IllegalStateException("no such command");
        };
    }

    private int usage(CommandLine commandLine) {
        commandLine.usage(console.out());
        return ExitCode.FINE;
    }

    private int check(ParseResult command, CommandLine commandLine) {
        String format = text(command, CommandLineSyntax.FORMAT);
        Format chosen = switch (format) {
            case "text" -> Format.TEXT;
            case "json" -> Format.JSON;
            default -> throw new ParameterException(commandLine, "--format is text or json, not " + format);
        };
        return new CheckCommand(environment, surroundings, console)
                .execute(text(command, CommandLineSyntax.CONFIG), text(command, CommandLineSyntax.STATE), chosen);
    }

    private int demo(ParseResult command, CommandLine commandLine) {
        int port = port(command, CommandLineSyntax.PORT, commandLine);
        int tlsPort = port(command, CommandLineSyntax.TLS_PORT, commandLine);
        Path state = StatePlace.of(text(command, CommandLineSyntax.STATE), environment);
        return new DemoCommand(console, run).execute(port, tlsPort, state);
    }

    private static int port(ParseResult command, String option, CommandLine commandLine) {
        String digits = text(command, option);
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= PORT_MAX) return port;
        } catch (NumberFormatException e) {
            // Answered below, like a number that is no port.
        }
        throw new ParameterException(commandLine, option + " is a number from 0 to " + PORT_MAX + ", not " + digits);
    }

    private int config(ParseResult command, CommandLine commandLine) {
        boolean schema = command.hasMatchedOption(CommandLineSyntax.SCHEMA);
        boolean effective = command.hasMatchedOption(CommandLineSyntax.EFFECTIVE);
        boolean hasFile = command.hasMatchedOption(CommandLineSyntax.CONFIG);
        if (schema == effective || effective != hasFile) {
            throw new ParameterException(commandLine, "config wants either -c FILE --effective or --schema");
        }
        ConfigCommand config = new ConfigCommand(environment, console);
        return schema ? config.printSchema() : config.printEffective(text(command, CommandLineSyntax.CONFIG));
    }

    private int train(ParseResult command, CommandLine commandLine) {
        String kind = command.matchedPositionalValue(0, "");
        boolean isTls = kind.equals(TrainCommand.TLS);
        if (!isTls && !kind.isEmpty() && !kind.equals(TrainCommand.PLAIN)) {
            throw new ParameterException(commandLine, "train takes plain, tls, or nothing, not " + kind);
        }
        return new TrainCommand(surroundings, console, run, isTls).execute();
    }

    private int version() {
        console.out().println("headgate " + Version.ofProgram() + " on Java " + Runtime.version());
        return ExitCode.FINE;
    }

    private int help(ParseResult command, CommandLine commandLine) {
        if (!command.hasMatchedPositional(0)) return usage(commandLine);
        String topic = command.matchedPositionalValue(0, "");
        if (FurtherCommands.isOne(topic)) return new FurtherCommands(console).execute(topic, List.of("--help"));
        CommandLine subcommand = commandLine.getSubcommands().get(topic);
        if (subcommand != null) return usage(subcommand);
        ProblemCode code = ProblemCode.find(topic);
        if (code == null) {
            throw new ParameterException(commandLine, "neither a command nor a problem code: " + topic);
        }
        console.out().println(code.id() + " " + code.token().replace('_', ' '));
        console.out().println();
        console.out().println(wrapped(code.explanation()));
        return ExitCode.FINE;
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int lineLength = 0;
        for (String word : text.split(" ", -1)) {
            if (lineLength > 0 && lineLength + 1 + word.length() > EXPLANATION_WIDTH) {
                lines.append('\n');
                lineLength = 0;
            }
            if (lineLength > 0) lines.append(' ');
            lines.append(word);
            lineLength += word.length() + 1;
        }
        return lines.toString();
    }

    private static String text(ParseResult command, String option) {
        @Nullable String value = command.matchedOptionValue(option, null);
        if (value != null) return value;
        String usual = command.commandSpec().findOption(option).defaultValue();
        return usual == null ? "" : usual;
    }
}
