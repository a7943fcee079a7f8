package dev.headgate.bench.command;

import dev.headgate.bench.fault.run.FaultBench;
import dev.headgate.bench.fault.run.FaultOptions;
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
import picocli.CommandLine.Model.CommandSpec;
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
        return part.equals(FaultSyntax.NAME) ? faults(arguments, out, err) : bench(arguments, out, err);
    }

    /** What is done with a command line that is understood. */
    private interface Deed {
        int execute(ParseResult parsed) throws IOException, InterruptedException;
    }

    private static int bench(List<String> arguments, PrintStream out, PrintStream err) {
        return execute(BenchSyntax.create(), arguments, out, err, parsed -> {
            Options options = new OptionsReader(parsed).read(arguments);
            ResultFolder folder = ResultFolder.open(options.out());
            ProgressLine progress = progress(err);
            List<String> complaints = new Bench(options, folder, out, progress).run();
            out.println("Report: "
                    + options.out().resolve(Report.PAGE).toAbsolutePath().toUri());
            return tell(complaints, err);
        });
    }

    private static int faults(List<String> arguments, PrintStream out, PrintStream err) {
        List<String> own = arguments.subList(1, arguments.size());
        return execute(FaultSyntax.create(), own, out, err, parsed -> {
            FaultOptions options = new FaultOptionsReader(parsed).read(arguments);
            ResultFolder folder = ResultFolder.open(options.out());
            return tell(new FaultBench(options, folder, out, progress(err)).run(), err);
        });
    }

    private static int execute(
            CommandSpec syntax, List<String> arguments, PrintStream out, PrintStream err, Deed deed) {
        CommandLine commandLine = new CommandLine(syntax);
        try {
            ParseResult parsed = commandLine.parseArgs(arguments.toArray(String[]::new));
            if (parsed.isUsageHelpRequested()) {
                commandLine.usage(out);
                return FINE;
            }
            return deed.execute(parsed);
        } catch (ParameterException e) {
            return refuse(messageOf(e), syntax, err);
        } catch (IllegalArgumentException e) {
            return refuse(String.valueOf(e.getMessage()), syntax, err);
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

    private static ProgressLine progress(PrintStream err) {
        // There is one only where somebody sits at a terminal; which releases of the JDK say so by null differs.
        boolean isTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new ProgressLine(err, isTerminal, System::nanoTime);
    }

    private static int tell(List<String> complaints, PrintStream err) {
        complaints.forEach(complaint -> err.println("headgate: " + complaint));
        return complaints.isEmpty() ? FINE : FAILED;
    }

    private static String messageOf(ParameterException failure) {
        return failure instanceof UnmatchedArgumentException unmatched
                ? (unmatched.isUnknownOption() ? "bench has no option " : "bench does not take ")
                        + unmatched.getUnmatched().getFirst()
                : String.valueOf(failure.getMessage());
    }

    private static int refuse(String message, CommandSpec syntax, PrintStream err) {
        err.println("headgate: " + message);
        err.println("See " + syntax.name() + " --help.");
        return WRONG_COMMAND_LINE;
    }
}
