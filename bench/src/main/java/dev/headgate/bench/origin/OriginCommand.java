package dev.headgate.bench.origin;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code headgate bench origin}: the built-in origin until the process is ended. */
public final class OriginCommand {
    private static final int FINE = 0;
    private static final int WRONG_ARGUMENTS = 2;
    private static final int ENVIRONMENT = 3;

    private static final String PORT = "--port";
    private static final String ADDRESS = "--address";
    private static final String LOOPS = "--loops";

    private OriginCommand() {}

    /**
     * Does what {@code arguments} ask for; serving, it returns only when the thread is interrupted.
     *
     * @return the exit code: 0 fine, 2 a mistake in the arguments, 3 the port is taken
     */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        CommandLine commandLine = new CommandLine(syntax());
        try {
            ParseResult options = commandLine.parseArgs(arguments.toArray(String[]::new));
            if (options.isUsageHelpRequested()) {
                commandLine.usage(out);
                return FINE;
            }
            var address = new InetSocketAddress(text(options, ADDRESS), number(options, PORT));
            serve(address, number(options, LOOPS), err);
            return FINE;
        } catch (ParameterException | IllegalArgumentException e) {
            err.println("headgate: " + e.getMessage());
            return WRONG_ARGUMENTS;
        } catch (IOException e) {
            err.println("headgate: the origin cannot start: " + e.getMessage());
            return ENVIRONMENT;
        }
    }

    private static CommandSpec syntax() {
        CommandSpec command = CommandSpec.create().name("origin");
        command.usageMessage()
                .description(
                        "Runs the built-in origin: /SIZE, /chunked/SIZE, /delay/MS, /status/CODE, /stats, /ws, /fault/KIND.");
        command.addOption(value("PORT", "Port to listen on, 0 for any.", "8000", "-p", PORT));
        command.addOption(value("HOST", "Address to listen at.", "127.0.0.1", "-a", ADDRESS));
        command.addOption(value("N", "Event loops.", "1", "-l", LOOPS));
        return command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Show this help.")
                .build());
    }

    private static OptionSpec value(String label, String description, String usual, String shortName, String longName) {
        return OptionSpec.builder(shortName, longName)
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .defaultValue(usual)
                .description(description + " Default " + usual + '.')
                .build();
    }

    private static String text(ParseResult options, String option) {
        @Nullable String value = options.matchedOptionValue(option, null);
        return value != null ? value : options.commandSpec().findOption(option).defaultValue();
    }

    private static int number(ParseResult options, String option) {
        String text = text(options, option);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " wants a whole number, not " + text, e);
        }
    }

    private static void serve(InetSocketAddress address, int loops, PrintStream err) throws IOException {
        try (FastOrigin origin = FastOrigin.start(address, loops)) {
            err.println("origin at " + origin.address());
            new CountDownLatch(1).await(); // For ever: a signal ends the process.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
