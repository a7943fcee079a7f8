/** Measures Headgate beside other proxies: {@code headgate bench}. */
// HdrHistogram has no module descriptor; its name comes from that of its jar. It is used here and nowhere else.
@SuppressWarnings("requires-automatic")
module dev.headgate.bench {
    requires HdrHistogram;
    requires dev.headgate.edge;
    requires transitive dev.headgate.engine;
    requires dev.headgate.http;
    requires dev.headgate.tls;
    requires info.picocli;
    // For the processor time that the load generator has used.
    requires jdk.management;
    requires static transitive org.jspecify;

    exports dev.headgate.bench.load;
    exports dev.headgate.bench.origin;

    provides dev.headgate.cli.spi.FurtherCommand with
            dev.headgate.bench.command.BenchCommand;
}
