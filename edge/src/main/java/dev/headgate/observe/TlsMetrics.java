package dev.headgate.observe;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.transport.TlsFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted of TLS on one listener, or to one upstream. Methods with a loop index are called by that loop only. */
@AnyThread
public final class TlsMetrics {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
    private static final TlsFailure[] FAILURES = TlsFailure.values();

    private final CounterRows handshakes;
    private final CounterRows resumed;
    private final CounterRows failures;
    private final Map<String, CounterRows> suites = new ConcurrentHashMap<>();
    private final int loopCount;
    private volatile long certificatesEndS = Long.MAX_VALUE;
    private final AtomicLong certificateChanges = new AtomicLong();
    private final AtomicLong certificateFailures = new AtomicLong();
    private final AtomicLong authorityChanges = new AtomicLong();
    private final AtomicLong authorityFailures = new AtomicLong();

    TlsMetrics(int loopCount) {
        this.loopCount = loopCount;
        this.handshakes = new CounterRows(loopCount, VERSIONS.size());
        this.resumed = new CounterRows(loopCount, VERSIONS.size());
        this.failures = new CounterRows(loopCount, FAILURES.length);
    }

    /** A handshake is complete. */
    public void onHandshake(int loopIndex, String version, String suite, boolean isResumed) {
        int at = VERSIONS.indexOf(version);
        if (at >= 0) {
            handshakes.increment(loopIndex, at);
            if (isResumed) {
                resumed.increment(loopIndex, at);
            }
        }
        suites.computeIfAbsent(suite, name -> new CounterRows(loopCount, 1)).increment(loopIndex, 0);
    }

    /** TLS on a connection has failed. */
    public void onFailure(int loopIndex, TlsFailure failure) {
        failures.increment(loopIndex, failure.ordinal());
    }

    /** When the first of the certificates in use ends, in seconds since the epoch. */
    public void certificatesEndAt(long epochS) {
        certificatesEndS = epochS;
    }

    /** Changed certificate files are in use. By the watch alone. */
    public void onCertificatesChanged() {
        certificateChanges.incrementAndGet();
    }

    /** Changed certificate files are of no use, and the old ones stay. By the watch alone. */
    public void onCertificatesUnusable() {
        certificateFailures.incrementAndGet();
    }

    /** Changed authorities for client certificates are in use. By the watch alone. */
    public void onAuthoritiesChanged() {
        authorityChanges.incrementAndGet();
    }

    /** Changed authorities are of no use, and the old ones stay. By the watch alone. */
    public void onAuthoritiesUnusable() {
        authorityFailures.incrementAndGet();
    }

    /** How many handshakes are complete, of all versions. By any thread. */
    public long handshakes() {
        long sum = 0;
        for (int i = 0; i < VERSIONS.size(); i++) {
            sum += handshakes.sum(i);
        }
        return sum;
    }

    MetricsSnapshot.Tls snapshot() {
        Map<String, Long> bySuite = new TreeMap<>();
        suites.forEach((name, row) -> bySuite.put(name, row.sum(0)));
        Map<String, Long> byFailure = new LinkedHashMap<>();
        for (TlsFailure failure : FAILURES) {
            byFailure.put(failure.token(), failures.sum(failure.ordinal()));
        }
        return new MetricsSnapshot.Tls(
                byVersion(handshakes),
                byVersion(resumed),
                bySuite,
                byFailure,
                certificatesEndS,
                certificateChanges.get(),
                certificateFailures.get(),
                authorityChanges.get(),
                authorityFailures.get());
    }

    private static Map<String, Long> byVersion(CounterRows rows) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < VERSIONS.size(); i++) {
            counts.put(VERSIONS.get(i), rows.sum(i));
        }
        return counts;
    }
}
