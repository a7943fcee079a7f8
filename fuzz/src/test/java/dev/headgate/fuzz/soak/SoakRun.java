package dev.headgate.fuzz.soak;

import dev.headgate.fuzz.soak.SoakProxy.Holdings;
import dev.headgate.testkit.sim.SimChance;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * One soak. Load comes in tides: while it is high, clients of all kinds come at a fixed rate; at ebb nothing is under way, and then what the proxy
 * holds must be exactly what its few open connections need, all accounts of the tide must agree, and what is left on the heap after a
 * collection becomes a reading. Over the tides no row of readings may rise.
 *
 * <p>The proxy has a JVM of its own with the flags of the packaged program, whose only other inhabitant answers questions ({@link SoakProxy}): the
 * garbage, threads and descriptors of clients and origins, which live here, cannot hide or fake a leak, and counters can be read that no tool would
 * see from outside.
 */
final class SoakRun {
    private static final int WORKERS = 64;
    private static final int SLEEPERS = 8;
    private static final int TIDES = 14;
    private static final Duration TIDE_MIN = Duration.ofSeconds(2);
    private static final Duration TIDE_MAX = Duration.ofMinutes(1);
    private static final int FLAPPING = 3; // index of that origin
    /** Below this there is no time to wait until the wheels have come by every timer that was disarmed. */
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final Duration POOL_IDLE = Duration.ofSeconds(2);
    private static final long POLL_MS = 5;

    private static final List<Row> ROWS = List.of(
            // Caches of the class library move this by some ten KiB, and the access log makes another block of 64 KiB
            // when its thread has
            // to wait longer than ever.
            new Row("heap after GC, KiB", h -> h.heapBytes() >> 10, 512),
            // Slabs of the pools: one when more buffers than ever are needed at a time. A leak asks for one after the
            // other.
            new Row("direct memory, KiB", h -> h.directBytes() >> 10, 2048),
            new Row("descriptors beside connections", h -> h.descriptors() - h.downstream() - h.upstream(), 0),
            new Row("threads", Holdings::threads, 0),
            // Timers that were disarmed stay in the wheel until it comes by, for half a minute.
            new Row("timers beside connections", h -> h.timers() - h.downstream() - h.upstream(), 16),
            new Row("buffers out", Holdings::buffers, 0));

    private final Settings settings;
    private final PrintStream progress;
    private final SoakLedger ledger = new SoakLedger();
    private final Tide tide = new Tide();
    private final List<SoakOrigin> origins = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger sleepersHeld = new AtomicInteger();
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicLong nextSessionNs = new AtomicLong();
    private final List<Double> readingSeconds = new ArrayList<>();
    private final List<Holdings> readings = new ArrayList<>();

    /**
     * How to run.
     *
     * @param sessionsPerSecond connections that clients open; each carries four requests on average
     * @param settleTimeout how long anything may take to come to rest
     * @param main the class of the process under soak
     * @param arguments what that takes before the configuration file
     */
    record Settings(
            Duration duration,
            Duration settleTimeout,
            long seed,
            int sessionsPerSecond,
            Class<?> main,
            List<String> arguments) {}

    private record Row(String name, ToLongFunction<Holdings> reading, double allowance) {}

    /** What came of it: empty when all is well. */
    record Report(List<String> findings, String summary) {}

    SoakRun(Settings settings, PrintStream progress) {
        this.settings = settings;
        this.progress = progress;
    }

    Report run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("headgate-soak");
        Path log = folder.resolve("access.log");
        try {
            Path config = Files.writeString(folder.resolve("headgate.yaml"), configuration(log));
            List<String> arguments = new ArrayList<>(settings.arguments());
            arguments.add(config.toString());
            try (var proxy = new ProxyProcess(settings.main(), arguments, ledger);
                    var reader = new AccessLogReader(ledger, log)) {
                soak(proxy, reader);
                return new Report(ledger.findings(), summary(proxy));
            }
        } finally {
            tide.end();
            for (SoakOrigin origin : origins) {
                origin.close();
            }
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private void soak(ProxyProcess proxy, AccessLogReader log) throws IOException, InterruptedException {
        long beginNs = System.nanoTime();
        Holdings before = proxy.collect();
        nextSessionNs.set(beginNs);
        startLoad(new SoakLoad(ledger, proxy.port("web"), proxy.port("strict")));
        long endNs = beginNs + settings.duration().toNanos();
        long tideNs = Math.clamp(settings.duration().toNanos() / TIDES, TIDE_MIN.toNanos(), TIDE_MAX.toNanos());
        while ((System.nanoTime() - endNs < 0 || lacksReadings())
                && ledger.findings().isEmpty()) {
            Thread.sleep(Duration.ofNanos(tideNs));
            tide.fall();
            ebb(proxy, log, (System.nanoTime() - beginNs) / 1e9);
            tide.rise();
        }
        tide.end();
        for (Thread thread : threads) {
            thread.join(settings.settleTimeout());
        }
        rest(proxy, log, before);
        judge();
        int exitCode = proxy.drain();
        if (exitCode != 0) {
            ledger.find("the proxy ends with exit code " + exitCode);
        }
    }

    /** A long run that is slow to ebb goes on until there can be a verdict: with fewer readings nothing would ever be found to grow. */
    private boolean lacksReadings() {
        return settings.duration().compareTo(LONG) >= 0 && readings.size() < Growth.READINGS_MIN;
    }

    // ---- ebb -------------------------------------------------------------------------------------------------------

    private void ebb(ProxyProcess proxy, AccessLogReader log, double seconds) throws IOException, InterruptedException {
        await("every request has come to an end", tide::isEbb);
        awaitHoldings(
                proxy,
                "nothing held but idle connections",
                h -> h.attemptsInFlight() == 0
                        && h.buffers() == 0
                        && h.downstream() == sleepersHeld.get()
                        && h.upstream()
                                == origins.stream().mapToInt(SoakOrigin::open).sum());
        settleAccounts(proxy, log);
        Holdings now = proxy.collect();
        readingSeconds.add(seconds);
        readings.add(now);
        if (now.failures() != 0) {
            ledger.find(now.failures() + " failures inside the proxy");
        }
        progress.printf(
                "soak %6.0f s  %,10d requests  heap %5d KiB  direct %5d KiB  descriptors %3d  threads %2d  timers %3d"
                        + "  buffers %d  connections %d + %d%n",
                seconds,
                ledger.begun(),
                now.heapBytes() >> 10,
                now.directBytes() >> 10,
                now.descriptors(),
                now.threads(),
                now.timers(),
                now.buffers(),
                now.downstream(),
                now.upstream());
    }

    private void settleAccounts(ProxyProcess proxy, AccessLogReader log) throws IOException, InterruptedException {
        log.moveAway();
        proxy.rotate();
        await("the proxy goes over to a new access log", log::isNewThere);
        log.follow();
        long exchanges = proxy.look().exchanges();
        long deadlineNs = System.nanoTime() + settings.settleTimeout().toNanos();
        while (ledger.logged() < exchanges && System.nanoTime() - deadlineNs < 0) {
            log.read();
            Thread.sleep(POLL_MS);
        }
        if (ledger.logged() != exchanges) {
            ledger.find("the proxy counts " + exchanges + " exchanges and logs " + ledger.logged());
        }
        if (ledger.attempts() > proxy.look().attempts()) {
            ledger.find("origins count " + ledger.attempts() + " attempts, the proxy "
                    + proxy.look().attempts());
        }
        ledger.reconcile();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + settings.settleTimeout().toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNs > 0) {
                ledger.find("not within " + settings.settleTimeout().toSeconds() + " s: " + what);
                return;
            }
            Thread.sleep(POLL_MS);
        }
    }

    private void awaitHoldings(ProxyProcess proxy, String what, Predicate<Holdings> condition)
            throws IOException, InterruptedException {
        Holdings[] last = new Holdings[1];
        int before = ledger.findings().size();
        await(what, () -> {
            last[0] = proxy.look();
            return condition.test(last[0]);
        });
        if (ledger.findings().size() > before) {
            ledger.find("but " + last[0] + ", sleepers=" + sleepersHeld + ", origins' connections="
                    + origins.stream().map(SoakOrigin::open).toList());
        }
    }

    // ---- end -------------------------------------------------------------------------------------------------------

    /** With nobody left, nothing is held for anybody. */
    private void rest(ProxyProcess proxy, AccessLogReader log, Holdings before)
            throws IOException, InterruptedException {
        // Not those before the first client, for classes are loaded and tools attached meanwhile; that they do not rise
        // is judged by itself.
        Holdings last = readings.isEmpty() ? before : readings.getLast();
        long descriptors = last.descriptors() - last.downstream() - last.upstream();
        awaitHoldings(
                proxy,
                "all is at rest",
                h -> h.attemptsInFlight() == 0
                        && h.buffers() == 0
                        && h.downstream() == 0
                        && h.upstream() == 0
                        && (h.timers() <= before.timers() || settings.duration().compareTo(LONG) < 0)
                        && h.descriptors() <= descriptors);
        settleAccounts(proxy, log);
    }

    private void judge() {
        for (Row row : ROWS) {
            Growth growth = growth(row);
            if (growth.isLeak()) {
                ledger.find("%s: rises by %.1f, %.1f per hour".formatted(row.name(), growth.grown(), growth.perHour()));
            }
        }
    }

    private Growth growth(Row row) {
        return Growth.judge(
                readingSeconds.stream().mapToDouble(s -> s).toArray(),
                readings.stream().mapToDouble(h -> row.reading().applyAsLong(h)).toArray(),
                row.allowance());
    }

    private String summary(ProxyProcess proxy) {
        var text = new StringBuilder();
        text.append("%,d requests on %,d connections, seed %d%n"
                .formatted(ledger.begun(), sessions.get(), settings.seed()));
        for (Outcome outcome : Outcome.values()) {
            text.append("  %-10s %,d%n".formatted(outcome.name().toLowerCase(Locale.ROOT), ledger.count(outcome)));
        }
        text.append("%-32s %10s %10s %10s %14s %10s%n"
                .formatted("reading", "first", "last", "most", "slope per hour", "allowed"));
        for (Row row : ROWS) {
            if (readings.isEmpty()) {
                break;
            }
            text.append("%-32s %,10d %,10d %,10d %,14.1f %,10.0f%n"
                    .formatted(
                            row.name(),
                            row.reading().applyAsLong(readings.getFirst()),
                            row.reading().applyAsLong(readings.getLast()),
                            readings.stream().mapToLong(row.reading()).max().orElse(0),
                            growth(row).perHour(),
                            row.allowance()));
        }
        if (!ledger.findings().isEmpty()) {
            text.append("findings:\n  ").append(String.join("\n  ", ledger.findings()));
            text.append("\nlast lines of the error log:\n  ").append(String.join("\n  ", proxy.errorLog()));
            text.append("\nwhat came of what:\n");
            ledger.kinds()
                    .forEach((kind, count) -> text.append("  ")
                            .append(kind)
                            .append(' ')
                            .append(count)
                            .append('\n'));
        }
        return text.toString();
    }

    // ---- load and origins ------------------------------------------------------------------------------------------

    private void startLoad(SoakLoad load) {
        for (int i = 0; i < WORKERS; i++) {
            threads.add(Thread.ofVirtual().name("client-" + i).start(() -> work(load)));
        }
        for (int i = 0; i < SLEEPERS; i++) {
            var chance = new SimChance(SimChance.mix(settings.seed() - 1 - i));
            threads.add(Thread.ofVirtual().name("sleeper-" + i).start(() -> load.sleeper(chance, tide, sleepersHeld)));
        }
        threads.add(Thread.ofVirtual().name("flapping").start(this::flap));
    }

    private void work(SoakLoad load) {
        long intervalNs = 1_000_000_000L / settings.sessionsPerSecond();
        while (tide.enter()) {
            try {
                long nowNs = System.nanoTime();
                // What could not be done in time, and what an ebb left out, is not made up for.
                long atNs = nextSessionNs.updateAndGet(next -> Math.max(next, nowNs - intervalNs) + intervalNs);
                SoakClient.pause((atNs - nowNs) / 1_000_000);
                if (tide.isHigh()) {
                    load.session(new SimChance(SimChance.mix(settings.seed() + sessions.incrementAndGet())));
                }
            } catch (RuntimeException | AssertionError e) {
                ledger.find("a client fails: " + e);
            } finally {
                tide.leave();
            }
        }
    }

    private void flap() {
        SoakOrigin origin = origins.get(FLAPPING);
        var chance = new SimChance(SimChance.mix(settings.seed()));
        try {
            while (tide.enter()) {
                try {
                    origin.vanish();
                    Thread.sleep(chance.between(50, 500));
                    origin.reappear();
                } finally {
                    tide.leave();
                }
                Thread.sleep(chance.between(100, 1_000));
            }
        } catch (IOException e) {
            ledger.find("the flapping origin cannot come back: " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private int origin(String host, int port) throws IOException {
        var origin = new SoakOrigin(ledger, InetAddress.getByName(host), port);
        origins.add(origin);
        return origin.port();
    }

    private String configuration(Path log) throws IOException {
        String loopback = "127.0.0.1";
        int first = origin(loopback, 0);
        int second = origin(loopback, 0);
        int steady = origin(loopback, 0);
        int flapping = origin(loopback, 0);
        int bad = origin(loopback, 0);
        int named = origin(loopback, 0);
        for (InetAddress address : InetAddress.getAllByName("localhost")) {
            if (!address.getHostAddress().equals(loopback)) {
                origin(address.getHostAddress(), named);
            }
        }
        return """
                version: 1
                loops: 2
                listeners:
                - name: web
                  address: 127.0.0.1:0
                  protocols: [h2, http/1.1]
                  timeouts: {header: 30s, bodyIdle: 30s, keepAlive: 5m, linger: 1s, drain: 1s}
                - name: strict
                  address: 127.0.0.1:0
                  timeouts: {header: 4s, bodyIdle: 2s, keepAlive: 2s, linger: 1s, drain: 1s}
                upstreams:
                  good:
                    endpoints: ["127.0.0.1:%d", "127.0.0.1:%d"]
                    pool: {idle: 16}
                    timeouts: {poolIdle: %ds}
                  named:
                    endpoints: ["localhost:%d"]
                    dns: {refresh: 1s}
                    retry: {budget: 100%%}
                    timeouts: {poolIdle: %ds}
                  flap:
                    endpoints: ["127.0.0.1:%d", "127.0.0.1:%d"]
                    balance: round-robin
                    timeouts: {poolIdle: %ds}
                  bad:
                    endpoints: ["127.0.0.1:%d"]
                    timeouts: {firstByte: 600ms, bodyIdle: 600ms, poolIdle: %ds}
                routes:
                - {match: {path: /good/**}, to: good}
                - {match: {path: /named/**}, to: named}
                - {match: {path: /flap/**}, to: flap}
                - {match: {path: /bad/**}, to: bad}
                log:
                  access: {format: json, to: %s}
                """.formatted(
                        first,
                        second,
                        POOL_IDLE.toSeconds(),
                        named,
                        POOL_IDLE.toSeconds(),
                        steady,
                        flapping,
                        POOL_IDLE.toSeconds(),
                        bad,
                        POOL_IDLE.toSeconds(),
                        log);
    }
}
