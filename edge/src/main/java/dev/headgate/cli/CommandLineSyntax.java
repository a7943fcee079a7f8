package dev.headgate.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands with their options, declared through picocli's model so that nothing is found by reflection. */
final class CommandLineSyntax {
    static final String CONFIG = "--config";
    static final String FORMAT = "--format";
    static final String EFFECTIVE = "--effective";
    static final String SCHEMA = "--schema";
    static final String PORT = "--port";
    static final String TLS_PORT = "--tls-port";
    static final String STATE = "--state";
    static final String VERSION = "--version";

    private CommandLineSyntax() {}

    static CommandSpec create() {
        CommandSpec root = command("headgate", "An HTTP reverse proxy.").addOption(flag(VERSION, "Print the version."));
        root.addSubcommand(
                "run",
                command("run", "Run in the foreground; SIGTERM drains, a second one ends at once.")
                        .addOption(config(true))
                        .addOption(state()));
        root.addSubcommand(
                "check",
                command("check", "Validate everything that run would look at.")
                        .addOption(config(true))
                        .addOption(state())
                        .addOption(text(FORMAT, "FORMAT", "text (default) or json.")
                                .defaultValue("text")
                                .build()));
        root.addSubcommand(
                "demo",
                command("demo", "Run a proxy before two sample origins.")
                        .addOption(text(
                                        PORT,
                                        "PORT",
                                        "Port to listen on; default " + DemoCommand.DEFAULT_PORT + ", 0 for any.")
                                .defaultValue(String.valueOf(DemoCommand.DEFAULT_PORT))
                                .build())
                        .addOption(text(
                                        TLS_PORT,
                                        "PORT",
                                        "Port for TLS; default " + DemoCommand.DEFAULT_TLS_PORT + ", 0 for any.")
                                .defaultValue(String.valueOf(DemoCommand.DEFAULT_TLS_PORT))
                                .build())
                        .addOption(state()));
        root.addSubcommand(
                "config",
                command("config", "Show the configuration with every default, or the JSON Schema.")
                        .addOption(config(false))
                        .addOption(flag(EFFECTIVE, "Print the configuration of -c FILE with every default."))
                        .addOption(flag(SCHEMA, "Print the JSON Schema of all configurations, for editors.")));
        root.addSubcommand(
                FurtherCommands.BENCH,
                command(FurtherCommands.BENCH, "Measure this proxy beside others; headgate bench --help tells how."));
        root.addSubcommand("version", command("version", "Print the version."));
        root.addSubcommand(
                "help",
                command("help", "Explain a problem code such as HG2005, or a command.")
                        .addPositional(PositionalParamSpec.builder()
                                .paramLabel("TOPIC")
                                .arity("0..1")
                                .type(String.class)
                                .description("A code or a command.")
                                .build()));
        CommandSpec train = command("train", "Visit a demo once, so that an AOT cache can be made, and end.");
        train.usageMessage().hidden(true);
        train.addPositional(PositionalParamSpec.builder()
                .paramLabel("KIND")
                .arity("0..1")
                .type(String.class)
                .description("tls: for proxies that speak TLS.")
                .build());
        root.addSubcommand("train", train);
        return root;
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec command = CommandSpec.create().name(name);
        command.usageMessage().description(description);
        return command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .arity("0")
                .type(boolean.class)
                .description("Show this help.")
                .build());
    }

    private static OptionSpec config(boolean required) {
        return OptionSpec.builder("-c", CONFIG)
                .paramLabel("FILE")
                .required(required)
                .arity("1")
                .type(String.class)
                .description("The configuration.")
                .build();
    }

    private static OptionSpec state() {
        return text(STATE, "DIR", "Where certificates that the proxy makes itself are kept.")
                .build();
    }

    private static OptionSpec.Builder text(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .arity("1")
                .type(String.class)
                .description(description);
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .arity("0")
                .type(boolean.class)
                .description(description)
                .build();
    }
}
