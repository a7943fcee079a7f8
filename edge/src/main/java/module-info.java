/** The assembled proxy: configuration, command line and the embedding API. */
@SuppressWarnings("module") // The bench module, which one package is shared with, is built after this one.
module dev.headgate.edge {
    requires transitive dev.headgate.balancer;
    requires transitive dev.headgate.tls;
    requires transitive dev.headgate.engine;
    requires transitive dev.headgate.http;
    requires info.picocli;
    // For HotSpotDiagnosticMXBean, in dev.headgate.cli.DirectMemory only: what MaxDirectMemorySize is.
    requires jdk.management;
    // For sun.misc.Signal, in dev.headgate.cli.ProcessSignals only.
    requires jdk.unsupported;
    requires org.jctools.core.jdk11;
    requires static transitive org.jspecify;
    requires org.snakeyaml.engine;

    exports dev.headgate;
    exports dev.headgate.cli.spi;
    exports dev.headgate.config;
    exports dev.headgate.filter;
    exports dev.headgate.frames to
            dev.headgate.bench;
    exports dev.headgate.observe;

    uses dev.headgate.cli.spi.FurtherCommand;
}
