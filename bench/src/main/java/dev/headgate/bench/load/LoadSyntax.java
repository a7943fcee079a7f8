package dev.headgate.bench.load;

import java.util.Arrays;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The options of {@link LoadCommand}, declared through picocli's model so that nothing is found by reflection. */
final class LoadSyntax {
    static final String CONNECTIONS = "--connections";
    static final String RATE = "--rate";
    static final String DURATION = "--duration";
    static final String WARM_UP = "--warm-up";
    static final String INTERVAL = "--interval";
    static final String TIMEOUT = "--timeout";
    static final String LOOPS = "--loops";
    static final String STREAMS = "--streams";
    static final String PER_REQUEST = "--per-request";
    static final String HOTTEST = "--hottest";
    static final String IDLE = "--idle";
    static final String SLOW_SENDERS = "--slow-senders";
    static final String SLOW_READERS = "--slow-readers";
    static final String SLOW_TARGET = "--slow-target";
    static final String SLOW_PAUSE = "--slow-pause";
    static final String POST = "--post";
    static final String CHUNKED = "--chunked";
    static final String HOST = "--host";
    static final String HEADER = "--header";
    static final String EXPECT_STATUS = "--expect-status";
    static final String EXPECT_BYTES = "--expect-bytes";
    static final String VERIFY = "--verify";
    static final String SOURCE_ADDRESSES = "--source-addresses";
    static final String CPU_OF = "--cpu-of";
    static final String SELF_WARM_UP = "--self-warm-up";
    static final String PHASES = "--phases";

    private LoadSyntax() {}

    static CommandSpec create() {
        CommandSpec command = CommandSpec.create().name("load");
        command.usageMessage()
                .description("Makes HTTP load. A summary goes to standard error, one line of JSON to standard output.");
        command.addPositional(PositionalParamSpec.builder()
                .paramLabel("URL")
                .arity("1")
                .type(String.class)
                .description("http://HOST:PORT/PATH")
                .build());
        command.addOption(value("N", "Connections.", "64", "-c", CONNECTIONS));
        command.addOption(value(
                "N",
                "Requests at a time on each, by HTTP/2 with prior knowledge; 0 for HTTP/1.1.",
                "0",
                "-m",
                STREAMS));
        command.addOption(value("N", "Requests per second of an open loop; 0 for a closed one.", "0", "-r", RATE));
        command.addOption(value("S", "Seconds that are measured.", "5", "-d", DURATION));
        command.addOption(value("S", "Seconds before that.", "1", "-w", WARM_UP));
        command.addOption(value("S", "Seconds that an answer may take.", "5", TIMEOUT));
        command.addOption(value("MS", "Grain of latency over time.", "100", INTERVAL));
        command.addOption(value("N", "Event loops.", "1", LOOPS));
        command.addOption(flag("A connection for each request.", "-k", PER_REQUEST));
        command.addOption(flag("Open loop: prefer the connection that was used last.", HOTTEST));
        command.addOption(value("N", "Connections held idle meanwhile.", "0", IDLE));
        command.addOption(value("N", "Clients that send byte by byte.", "0", SLOW_SENDERS));
        command.addOption(value("N", "Clients that read slowly.", "0", SLOW_READERS));
        command.addOption(value("PATH", "What slow clients ask for.", "/1k", SLOW_TARGET));
        command.addOption(value("MS", "Pause of a slow client.", "100", SLOW_PAUSE));
        command.addOption(value("BYTES", "POST so much content, with its length.", "", POST));
        command.addOption(value("BYTES", "POST so much content in chunks.", "", CHUNKED));
        command.addOption(value("NAME", "Host field; that of the URL.", "", HOST));
        command.addOption(OptionSpec.builder("-H", HEADER)
                .paramLabel("LINE")
                .arity("1")
                .type(String[].class)
                .description("A further field line; may be repeated.")
                .build());
        command.addOption(value("CODE", "Status that answers must have.", "200", EXPECT_STATUS));
        command.addOption(
                value("N", "Length that content must have; the size that the path names, or any.", "", EXPECT_BYTES));
        command.addOption(flag("Compare content with the built-in origin's.", VERIFY));
        command.addOption(value("N", "Loopback addresses to come from.", "0", SOURCE_ADDRESSES));
        command.addOption(value("PID,PID", "Processes whose processor time to measure too.", "", CPU_OF));
        command.addOption(
                value("S", "Seconds of load on an origin of its own before all else, for the JVM.", "3", SELF_WARM_UP));
        command.addOption(flag("Say on standard error when a phase begins.", PHASES));
        return command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Show this help.")
                .build());
    }

    private static OptionSpec value(String label, String description, String usual, String... names) {
        OptionSpec.Builder option = OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .description(usual.isEmpty() ? description : description + " Default " + usual + '.');
        return (usual.isEmpty() ? option : option.defaultValue(usual)).build();
    }

    private static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build();
    }
}
