package dev.headgate.bench.command;

import dev.headgate.bench.load.LoadCommand;
import dev.headgate.bench.origin.OriginCommand;
import dev.headgate.bench.report.Report;
import dev.headgate.bench.report.ResultFolder;
import dev.headgate.bench.run.Bench;
import dev.headgate.bench.run.Options;
import dev.headgate.bench.run.ProgressLine;
import dev.headgate.cli.spi.FurtherCommand;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code headgate bench}: measures this proxy beside others, and reports. */
public final class BenchCommand implements FurtherCommand {
    private static final int FINE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_COMMAND_LINE = 2;
    private static final int SURROUNDINGS = 3;

    /** For the service loader. */
    public BenchCommand() {}

    @Override
    public String name() {
        return BenchSyntax.NAME;
    }

    @Override
    public int execute(List<String> arguments, PrintStream out, PrintStream err) {
        String part = arguments.isEmpty() ? "" : arguments.getFirst();
        if (part.equals("load")) return LoadCommand.run(arguments.subList(1, arguments.size()), out, err);
        if (part.equals("origin")) return OriginCommand.run(arguments.subList(1, arguments.size()), out, err);
        CommandLine commandLine = new CommandLine(BenchSyntax.create());
        try {
            ParseResult parsed = commandLine.parseArgs(arguments.toArray(String[]::new));
            if (parsed.isUsageHelpRequested()) {
                commandLine.usage(out);
                return FINE;
            }
            return run(new OptionsReader(parsed).read(arguments), out, err);
        } catch (ParameterException e) {
            return refuse(messageOf(e), err);
        } catch (IllegalArgumentException e) {
            return refuse(String.valueOf(e.getMessage()), err);
        }
    }

    private static String messageOf(ParameterException failure) {
        return failure instanceof UnmatchedArgumentException unmatched
                ? (unmatched.isUnknownOption() ? "bench has no option " : "bench does not take ")
                        + unmatched.getUnmatched().getFirst()
                : String.valueOf(failure.getMessage());
    }

    private static int refuse(String message, PrintStream err) {
        err.println("headgate: " + message);
        err.println("See headgate bench --help.");
        return WRONG_COMMAND_LINE;
    }

    private static int run(Options options, PrintStream out, PrintStream err) {
        // There is one only where somebody sits at a terminal; which releases of the JDK say so by null differs.
        boolean isTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        ProgressLine progress = new ProgressLine(err, isTerminal, System::nanoTime);
        try {
            ResultFolder folder = ResultFolder.open(options.out());
            List<String> complaints = new Bench(options, folder, out, progress).run();
            out.println("Report: "
                    + options.out().resolve(Report.PAGE).toAbsolutePath().toUri());
            complaints.forEach(complaint -> err.println("headgate: " + complaint));
            return complaints.isEmpty() ? FINE : FAILED;
        } catch (ResultFolder.NotWritable e) {
            err.println("headgate: " + e.getMessage());
            return SURROUNDINGS;
        } catch (IOException e) {
            err.println("headgate: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }
}
