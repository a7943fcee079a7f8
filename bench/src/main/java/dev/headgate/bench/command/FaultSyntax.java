package dev.headgate.bench.command;

import dev.headgate.bench.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of {@code headgate bench faults}. */
final class FaultSyntax {
    static final String NAME = "faults";

    static final String FAULTS = "--faults";
    static final String PAIRS = "--pairs";
    static final String TARGETS = "--targets";
    static final String RATE = "--rate";
    static final String CONNECTIONS = "--connections";
    static final String WARM_UP = "--warm-up";
    static final String BEFORE = "--before";
    static final String HOLD = "--hold";
    static final String AFTER = "--after";
    static final String LOOPS = "--loops";
    static final String JAVA_OPTS = "--java-opts";
    static final String OUT = "--out";

    private FaultSyntax() {}

    static CommandSpec create() {
        CommandSpec command = CommandSpec.create().name("headgate bench " + NAME);
        command.usageMessage()
                .description(
                        "Shows what this proxy, nginx and HAProxy make of origins that fail: requests go on at a fixed rate"
                                + " while origins are killed, stopped, or misbehave. Writes tables, faults.json and faults.md.")
                .sortOptions(false)
                .width(100)
                .footer(footer());
        text(command, FAULTS, "LIST", "Some of the faults below; several of one origin at once with + between them.");
        command.addOption(OptionSpec.builder(PAIRS)
                .arity("0")
                .type(boolean.class)
                .description("And all pairs of those in which one origin at least has its own.")
                .build());
        text(command, TARGETS, "LIST", "headgate,nginx,haproxy, or some of them; what is not installed is left out.");
        text(command, RATE, "N", "Requests per second; default 5000.");
        text(command, CONNECTIONS, "N", "Connections of clients; default 1000.");
        text(command, WARM_UP, "TIME", "Load that does not count; default 3s.");
        text(command, BEFORE, "TIME", "Load that counts while all is well; default 1s.");
        text(command, HOLD, "TIME", "How long a fault lasts; default 6s.");
        text(command, AFTER, "TIME", "Load that counts when it is over; default 5s.");
        text(command, LOOPS, "N", "Event loops, workers or threads of each proxy; default 1.");
        text(command, JAVA_OPTS, "FLAGS", "Further JVM flags for Headgate.");
        text(command, OUT, "DIR", "Folder for the results; default headgate-faults.");
        return command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Show this help.")
                .build());
    }

    private static String[] footer() {
        List<String> lines = new ArrayList<>(List.of("", "Faults, of four origins:"));
        for (Fault fault : Fault.values()) lines.add(String.format("  %-12s  %s", fault.key(), fault.words()));
        lines.addAll(List.of(
                "",
                "For example:",
                "  headgate bench faults",
                "  headgate bench faults --targets headgate --pairs",
                "  headgate bench faults --faults killed,stopped+503 --rate 1000"));
        return lines.toArray(String[]::new);
    }

    private static void text(CommandSpec command, String name, String label, String description) {
        command.addOption(OptionSpec.builder(name)
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .description(description)
                .build());
    }
}
