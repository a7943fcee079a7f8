/** Measures Headgate beside other proxies: {@code headgate bench}. */
// HdrHistogram has no module descriptor; its name comes from that of its jar. It is used here and nowhere else.
@SuppressWarnings("requires-automatic")
module dev.headgate.bench {
    requires HdrHistogram;
    requires dev.headgate.edge;
    requires info.picocli;
    requires static transitive org.jspecify;
}
