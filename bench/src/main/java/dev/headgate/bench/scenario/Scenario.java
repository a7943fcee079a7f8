package dev.headgate.bench.scenario;

import java.util.Locale;

/** A question that is asked of every target. */
public enum Scenario {
    THROUGHPUT("How many requests it can do, and what each costs"),
    LATENCY("How much it adds to latency at a given rate"),
    BODIES("What large bodies cost"),
    CHURN("What a new connection for each request costs"),
    IDLE("What connections cost that only wait"),
    ACTIVE("How latency and memory grow with many active connections"),
    SLOW("What slow clients do to the others"),
    FAULTS("What a failing origin does to requests that do not fail"),
    TLS_KEEPALIVE("What a request over TLS costs"),
    TLS_HANDSHAKES("What a TLS handshake costs"),
    TLS_RESUMED("What a TLS handshake costs that resumes a session"),
    TLS_BODIES("What large bodies cost over TLS"),
    TLS_OPEN("How much it adds to latency over TLS at a given rate"),
    TLS_BESIDE("What new handshakes do to requests on TLS connections that are open"),
    TLS_IDLE("What TLS connections cost that only wait"),
    H2_TLS("What a request by HTTP/2 over TLS costs"),
    H2_PLAIN("What a request by HTTP/2 costs without TLS"),
    H2_BODY("What large bodies cost by HTTP/2"),
    H2_IDLE("What HTTP/2 connections cost that only wait"),
    H2_ORIGIN("What a request costs by HTTP/2 on both sides"),
    TUNNELS("What WebSockets cost that only wait");

    private final String question;

    Scenario(String question) {
        this.question = question;
    }

    /** What it is about, in words. */
    public String question() {
        return question;
    }

    /** The name in options. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is about TLS. */
    public boolean isTls() {
        return name().startsWith("TLS_");
    }

    /** Whether it is about HTTP/2. */
    public boolean isHttp2() {
        return name().startsWith("H2_");
    }
}
