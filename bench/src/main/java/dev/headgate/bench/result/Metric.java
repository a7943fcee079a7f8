package dev.headgate.bench.result;

import java.util.Locale;

/** What a run yields one number of. */
public enum Metric {
    REQUESTS_PER_SECOND("requests per second", "", "req/s"),
    MIB_PER_SECOND("content per second", "MiB", "MiB/s"),
    CPU_US_PER_REQUEST("CPU per request", "µs", "CPU µs/req"),
    /** With the request and the connection that it is for. */
    CPU_US_PER_HANDSHAKE("CPU per handshake", "µs", "CPU µs/hs"),
    CPU_US_PER_MIB("CPU per MiB", "µs", "CPU µs/MiB"),
    P50_US("p50", "µs", "p50 µs"),
    P90_US("p90", "µs", "p90 µs"),
    P99_US("p99", "µs", "p99 µs"),
    P999_US("p99.9", "µs", "p99.9 µs"),
    MAX_US("longest", "µs", "max µs"),
    CONNECTIONS("connections held", "", "held"),
    MEMORY_MIB("memory", "MiB", "MiB"),
    KIB_PER_CONNECTION("memory per connection", "KiB", "KiB/conn"),
    /** Requests that the origin was told to spoil, and which the client saw fail. */
    FAULTS_SEEN("faults seen", "", "faults"),
    /** Handshakes that took up an earlier session. */
    RESUMED_PERCENT("resumed", "%", "resumed %"),
    /** How busy generator and origin were: near 100 it is they that could do no more. */
    LOAD_PERCENT("generator and origin", "%", "load %"),
    /** Whatever went wrong that should not have: the largest number of all rounds counts. */
    ERRORS("errors", "", "errors"),
    /** What processes that have no part in the run took meanwhile, in per cent of one processor. */
    OTHERS_PERCENT("other processes", "%", "others %");

    private final String label;
    private final String unit;
    private final String column;

    Metric(String label, String unit, String column) {
        this.label = label;
        this.unit = unit;
        this.column = column;
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** The unit as it is written behind numbers; empty for counts. */
    public String unit() {
        return unit;
    }

    /** The name where there is little room, unit included. */
    public String column() {
        return column;
    }

    /** The name in files: {@code cpu_us_per_request}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
