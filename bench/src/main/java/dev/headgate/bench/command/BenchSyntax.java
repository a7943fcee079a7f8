package dev.headgate.bench.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options, declared through picocli's model so that nothing is found by reflection. */
final class BenchSyntax {
    static final String NAME = "bench";

    /** Stands for all scenarios in which clients speak TLS. */
    static final String TLS = "tls";

    /** Stands for all scenarios about HTTP/2. */
    static final String HTTP2 = "h2";

    static final String SCENARIOS = "--scenarios";
    static final String TARGETS = "--targets";
    static final String VARIANT = "--variant";
    static final String ROUNDS = "--rounds";
    static final String DURATION = "--duration";
    static final String WARM_UP = "--warm-up";
    static final String RATES = "--rates";
    static final String CONNECTIONS = "--connections";
    static final String IDLE = "--idle";
    static final String ACTIVE = "--active";
    static final String LOOPS = "--loops";
    static final String JAVA_OPTS = "--java-opts";
    static final String OUT = "--out";
    static final String QUICK = "--quick";

    private BenchSyntax() {}

    static CommandSpec create() {
        CommandSpec bench = CommandSpec.create().name("headgate " + NAME);
        bench.usageMessage()
                .description(
                        "Measures this proxy beside nginx, HAProxy and h2o, where they are installed, and beside no proxy at all;"
                                + " writes tables, results.json, pictures and report.html.")
                .sortOptions(false)
                .width(100)
                .footer(
                        "",
                        "For example:",
                        "  headgate bench --quick",
                        "  headgate bench --scenarios throughput,latency --targets direct,headgate,nginx",
                        "  headgate bench --targets headgate --variant g1='-XX:-UseSerialGC -XX:+UseG1GC' \\",
                        "      --variant spin=busyPoll:50us",
                        "",
                        "What it is made of, and what happens when origins fail (each with --help):",
                        "  headgate bench load, headgate bench origin, headgate bench faults");
        text(
                bench,
                SCENARIOS,
                "LIST",
                "throughput,latency,bodies,churn,idle,active,slow,faults,tls-keepalive,tls-handshakes,tls-resumed,"
                        + "tls-bodies,tls-open,tls-beside,tls-idle,h2-tls,h2-plain,h2-body,h2-idle,h2-origin,"
                        + "tunnels, or some of them;"
                        + " tls and h2 stand for those whose names begin so.");
        text(
                bench,
                TARGETS,
                "LIST",
                "direct,headgate,nginx,haproxy,h2o, or some of them; what is not installed is left out.");
        bench.addOption(OptionSpec.builder(VARIANT)
                .paramLabel("NAME=FLAGS")
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("Measure Headgate once more with JVM flags (-XX:...) or keys of its configuration"
                        + " (busyPoll:50us, loops:2), separated by spaces. Can be given several times.")
                .build());
        text(bench, ROUNDS, "N", "Rounds that count; default 3.");
        text(bench, DURATION, "TIME", "Of each measurement; default 3s.");
        text(bench, WARM_UP, "TIME", "Of each program, once for each kind of load; default 8s.");
        text(bench, RATES, "LIST", "Requests per second of latency and tls-open; default 5000,15000.");
        text(bench, CONNECTIONS, "N", "Connections of the usual load; default 64.");
        text(
                bench,
                IDLE,
                "N",
                "Idle connections, as far as open files allow; default 100000, of TLS and HTTP/2 10000 at most, of"
                        + " WebSockets 9000.");
        text(bench, ACTIVE, "N", "Active connections, as far as open files allow; default 9000.");
        text(bench, LOOPS, "N", "Event loops, workers or threads of each proxy; default 1.");
        text(bench, JAVA_OPTS, "FLAGS", "Further JVM flags for Headgate, in all its variants.");
        text(bench, OUT, "DIR", "Folder for the results; default headgate-bench.");
        bench.addOption(flag(QUICK, "Four minutes instead of half an hour: one short round and fewer connections."));
        bench.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Show this help.")
                .build());
        return bench;
    }

    private static void text(CommandSpec command, String name, String label, String description) {
        command.addOption(OptionSpec.builder(name)
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .description(description)
                .build());
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build();
    }
}
