package dev.headgate.fuzz.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.observe.LimitUsage;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.sim.FaultPlan;
import dev.headgate.testkit.sim.Http2Limits;
import dev.headgate.testkit.sim.Http2Offer;
import dev.headgate.testkit.sim.Ledger;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimAlpn;
import dev.headgate.testkit.sim.SimChance;
import dev.headgate.testkit.sim.SimClient;
import dev.headgate.testkit.sim.SimHttp2Client;
import dev.headgate.testkit.sim.SimIo;
import dev.headgate.testkit.sim.SimOriginHost;
import dev.headgate.testkit.sim.SimTls;
import dev.headgate.testkit.sim.SimTunnelClient;
import dev.headgate.testkit.sim.Simulator;
import dev.headgate.testkit.sim.TrafficSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of a proxy with all its world: everything in it follows from the seed. */
final class SimulatedRun {
    private static final SocketAddress NAME_SERVER = address(10, 9, 0, 53, 53);
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TRAFFIC_MAX_NS = 900 * SECOND_NS;
    private static final long REST_MAX_NS = 900 * SECOND_NS;
    private static final long BUFFERS_ASKED_NS = 10_000_000;
    private static final int ATTEMPTS_MAX = 3;
    private static final long HELD_MAX_BYTES = 400 << 10;
    private static final long FILE_MAX_BYTES = 2 << 20;
    private static final int CLIENTS_MAX = 8;
    private static final int REQUESTS_MAX = 6;
    private static final int REQUESTS_OF_STORM_MAX = 40;
    private static final int RETRY_FLOOR_PER_SECOND = 3;
    private static final Set<Http2Violation> OF_SLOW_CLIENTS = EnumSet.of(
            Http2Violation.SETTINGS_UNACKNOWLEDGED, Http2Violation.HEAD_TIMEOUT, Http2Violation.SEND_STALLED);
    private static final String LOG_FILE = "/sim/access.log";

    private final Spoken spoken;
    private final Simulator simulator;
    private final SimChance chance;
    private final SimChance http2Chance; // apart, so that worlds without HTTP/2 are what they were
    private final SimChance healthChance; // likewise
    private final SimChance limitChance; // likewise
    private final SimChance listChance; // likewise
    private final Map<String, String> lists = new HashMap<>(); // files with endpoints, as they are at the start
    private final SimChance fallbackChance; // likewise
    private final SimChance fileChance; // likewise
    private final SimChance poolChance; // likewise
    private final SimChance nameChance; // likewise
    private final SimChance hedgeChance; // likewise
    private final Http2Limits http2Limits;
    private final FaultPlan faults;
    private final SimIo io;
    private final Ledger ledger;
    private final List<SimOriginHost> hosts = new ArrayList<>();
    private final List<ConnectionLimit> connectionLimits = new ArrayList<>();
    private final List<TrafficSource> clients = new ArrayList<>();
    private final SimLogger logger;
    private final SocketAddress listening = address(10, 0, 0, 1, 8080);
    private final int upstreams;
    private final List<Integer> ofTunnels = new ArrayList<>(); // upstreams that are asked for WebSockets
    private final int bodyMax;
    private final List<SocketAddress> hostAddresses = new ArrayList<>();
    private int aheadMax; // connections that are opened though nobody asks for them
    private boolean isStorm; // most attempts fail, and there are enough to use a retry budget up
    private boolean asksServer; // for names, in datagrams; else the system's resolver is asked
    private boolean isFair; // nothing goes wrong: every request has to be answered

    /**
     * What came of a run.
     *
     * @param traceHash of all events: equal for equal seeds
     * @param hedges second attempts beside others
     * @param hedgesWon those of them that were faster
     * @param virtualNs how long it took in its own time
     */
    record Result(
            long traceHash,
            long events,
            int sent,
            int answered,
            int attempts,
            long hedges,
            long hedgesWon,
            long virtualNs) {}

    /**
     * How many connections there may be at once.
     *
     * @param address to it
     */
    private record ConnectionLimit(SocketAddress address, int most) {}

    /** What clients speak. */
    enum Spoken {
        HTTP_1,
        /** Most clients speak HTTP/2, the others HTTP/1.1 on the same listener. */
        MIXED,
        /** The same, and most origins speak HTTP/2 as well. */
        BOTH_SIDES,
        /** The same, and many clients ask for WebSockets. */
        TUNNELS,
        /** The same, and most origins are spoken to over TLS, by what is chosen there. */
        CHOSEN;

        boolean hasTunnels() {
            return this == TUNNELS || this == CHOSEN;
        }
    }

    SimulatedRun(long seed, Spoken spoken, Sabotage sabotage) {
        this.spoken = spoken;
        SimTls.install();
        simulator = new Simulator(SimChance.mix(seed));
        chance = simulator.chance().fork();
        http2Chance = new SimChance(SimChance.mix(seed) + 1);
        healthChance = new SimChance(SimChance.mix(seed) + 2);
        limitChance = new SimChance(SimChance.mix(seed) + 3);
        listChance = new SimChance(SimChance.mix(seed) + 4);
        fallbackChance = new SimChance(SimChance.mix(seed) + 4);
        fileChance = new SimChance(SimChance.mix(seed) + 5);
        poolChance = new SimChance(SimChance.mix(seed) + 4);
        nameChance = new SimChance(SimChance.mix(seed) + 7);
        hedgeChance = new SimChance(SimChance.mix(seed) + 6);
        http2Limits = new Http2Limits(
                http2Chance.oneOf(1 << 10, 10_000, 1 << 16, 200_000), http2Chance.oneOf(1 << 16, 100_000, 1 << 20));
        faults = FaultPlan.draw(chance.fork());
        io = new SimIo(simulator, faults, sabotage);
        ledger = new Ledger(simulator, ATTEMPTS_MAX, HELD_MAX_BYTES);
        logger = new SimLogger(simulator);
        upstreams = chance.between(1, 3);
        bodyMax = bodyMax();
    }

    Simulator simulator() {
        return simulator;
    }

    FaultPlan faults() {
        return faults;
    }

    /** As much as passes in about ten seconds at the slowest. */
    private int bodyMax() {
        boolean isLarge = chance.oneIn(16);
        long roundNs = 2 * faults.latencyMaxNs()
                + (faults.spikeOneIn() == 0 ? 0 : SECOND_NS / faults.spikeOneIn())
                + (long) faults.nsPerByte() * faults.kernelMinBytes();
        long most = 10 * SECOND_NS / roundNs * faults.kernelMinBytes() / 8;
        return Math.clamp(most, 20, isLarge ? 1_000_000 : 100_000);
    }

    Result run() throws HeadgateStartException {
        boolean isRough = chance.nextInt(4) > 0;
        isStorm = isRough && chance.oneIn(12);
        isFair = !isRough && faults.isFair() && chance.nextInt(4) > 0;
        asksServer = nameChance.nextInt(2) == 1 && !(isFair && faults.datagramLostOneIn() > 0);
        if (asksServer) {
            io.nameServer(NAME_SERVER);
            io.simFiles().writeReadable(Path.of("/etc/resolv.conf"), "nameserver 10.9.0.53".getBytes(US_ASCII));
        }
        String config = config(isRough);
        makeClients(isRough);
        Headgate proxy = Headgate.start(
                ConfigLoader.parse("sim.yaml", config, environment()).orThrow(),
                new HeadgateOptions(Map.of(), logger, io));
        int restingDescriptors = lastingDescriptors();
        simulator.afterStep(() -> {
            hosts.forEach(SimOriginHost::checkPassing);
            connectionLimits.forEach(this::checkConnections);
        });
        io.disturbClocks();
        for (TrafficSource client : clients) {
            simulator.after(chance.skewed(2_000_000_000), client::start);
        }
        if (!isFair && chance.oneIn(4)) {
            simulator.run(this::isTrafficDone, chance.between(0L, 5 * SECOND_NS));
            proxy.drain(Duration.ofMillis(chance.between(0, 10_000)));
            finishTraffic();
        } else {
            finishTraffic();
            if (isFair) {
                ledger.checkAllAnswered();
            }
            if (!isRough) {
                checkAccusations(proxy);
            }
            awaitRest(proxy, restingDescriptors);
            proxy.drain(Duration.ofSeconds(5));
        }
        afterEnd(proxy, config);
        MetricsSnapshot.Hedges hedges = hedges(proxy);
        return new Result(
                simulator.trace().hash(),
                simulator.trace().count(),
                ledger.sent(),
                ledger.answered(),
                ledger.attempts(),
                hedges.sent(),
                hedges.won(),
                simulator.nowNs());
    }

    private static MetricsSnapshot.Hedges hedges(Headgate proxy) {
        long sent = 0;
        long won = 0;
        long refused = 0;
        for (MetricsSnapshot.Upstream upstream : proxy.metrics().upstreams().values()) {
            sent += upstream.hedges().sent();
            won += upstream.hedges().won();
            refused += upstream.hedges().refused();
        }
        return new MetricsSnapshot.Hedges(sent, won, refused);
    }

    private Environment environment() {
        return new Environment() {
            @Override
            public @Nullable String variable(String name) {
                return null;
            }

            @Override
            public String readFile(String path) throws IOException {
                String text = lists.get(path);
                if (text == null) {
                    throw new NoSuchFileException(path);
                }
                return text;
            }
        };
    }

    /** Without the sockets of questions about names, which are asked all the time. */
    private int lastingDescriptors() {
        return io.openDescriptors() - io.openDatagramSockets();
    }

    private void checkConnections(ConnectionLimit limit) {
        int open = io.openTo(limit.address());
        if (open > limit.most()) {
            simulator.violated("I10: " + open + " connections to " + limit);
        }
    }

    private boolean isTrafficDone() {
        return clients.stream().allMatch(TrafficSource::isDone);
    }

    private void finishTraffic() {
        if (!simulator.run(this::isTrafficDone, TRAFFIC_MAX_NS)) {
            List<TrafficSource> waiting =
                    clients.stream().filter(client -> !client.isDone()).toList();
            violated("I8: clients wait without end: " + waiting);
        }
    }

    /** Clients that break no rule of HTTP/2 are not said to have, but for those that are slow or do not know a limit yet. */
    private void checkAccusations(Headgate proxy) {
        proxy.metrics().listeners().forEach((name, listener) -> {
            for (Http2Violation violation : Http2Violation.values()) {
                boolean isExpected =
                        violation == Http2Violation.STREAM_REFUSED || !isFair && OF_SLOW_CLIENTS.contains(violation);
                long count = listener.byHttp2Violation()[violation.ordinal()];
                if (count > 0 && !isExpected) {
                    violated("I9: " + violation + " where nobody has done that, times: " + count);
                }
            }
        });
    }

    /** With nobody left, everything that was opened closes, and everything that was taken goes back. */
    private void awaitRest(Headgate proxy, int restingDescriptors) {
        if (aheadMax > 0) {
            awaitRestAhead(proxy, restingDescriptors);
        } else if (!simulator.run(() -> lastingDescriptors() <= restingDescriptors, REST_MAX_NS)) {
            violated("I8: " + (lastingDescriptors() - restingDescriptors) + " sockets stay open");
        }
        int permits = aheadMax > 0 ? 0 : proxy.upstreamPermitsTaken();
        if (permits > 0) {
            violated("I4: " + permits + " permits for upstream connections are taken while none is open");
        }
        if (!simulator.run(() -> io.simFiles().openTemporaries() == 0, REST_MAX_NS)) {
            violated("I4: temporary files are open while nothing goes on");
        }
        for (int i = 0; i < upstreams; i++) {
            LimitUsage load = proxy.upstreamLoad("u" + i).orElseThrow();
            int ahead = aheadMax == 0 ? 0 : load.connections();
            if (!load.equals(new LimitUsage(ahead, 0, 0, 0))) {
                violated("I4: taken of limits while nothing goes on: " + load);
            }
        }
        proxy.metrics().endpoints().forEach((name, endpoint) -> {
            if (endpoint.attemptsInFlight() != 0) {
                violated("I4: " + endpoint.attemptsInFlight() + " attempts are under way at " + name
                        + " while nothing goes on");
            }
        });
        MetricsSnapshot.Hedges hedges = hedges(proxy);
        if (hedges.won() > hedges.sent()) {
            violated("I7: more second attempts were faster than there were: " + hedges);
        }
        int buffers = aheadMax > 0 ? 0 : proxy.outstandingBuffers();
        if (buffers != 0) {
            violated("I4: " + buffers + " buffers are out while nothing goes on");
        }
    }

    /**
     * What is opened ahead is opened again and again: there need not be a moment without any of it, but one with nothing else. Asking for buffers
     * lets the loops run, and so it is done now and then only: a loop that is asked at every step never sleeps while an origin takes nothing of
     * what waits for it, and each of its polls may tell of something that is not so.
     */
    private void awaitRestAhead(Headgate proxy, int restingDescriptors) {
        long endNs = simulator.nowNs() + REST_MAX_NS;
        while (simulator.nowNs() < endNs
                && simulator.run(() -> isOnlyAhead(proxy, restingDescriptors), endNs - simulator.nowNs())) {
            boolean isWithoutBuffers = proxy.outstandingBuffers() == 0; // Their first frames may be on their way.
            if (isWithoutBuffers && isOnlyAhead(proxy, restingDescriptors)) { // The rest may be over with the answer.
                return;
            }
            simulator.run(() -> false, BUFFERS_ASKED_NS);
        }
        violated("I8: " + (io.openDescriptors() - restingDescriptors) + " sockets stay open, or buffers out, of which "
                + aheadMax + " may");
    }

    private boolean isOnlyAhead(Headgate proxy, int restingDescriptors) {
        int toHosts = hostAddresses.stream().mapToInt(io::openTo).sum();
        int permits = proxy.upstreamPermitsTaken();
        return io.openDescriptors() - toHosts <= restingDescriptors && permits == toHosts && permits <= aheadMax;
    }

    private void afterEnd(Headgate proxy, String config) {
        if (proxy.upstreamPermitsTaken() != 0) {
            violated("I4: " + proxy.upstreamPermitsTaken()
                    + " permits for upstream connections are taken after the end");
        }
        if (io.openDescriptors() != 0) {
            violated("I4: " + io.openDescriptors() + " descriptors are open after the end");
        }
        if (io.simFiles().openTemporaries() != 0) {
            violated("I4: " + io.simFiles().openTemporaries() + " temporary files are open after the end");
        }
        if (config.contains(LOG_FILE) && faults.diskFailsOneIn() == 0) {
            ledger.checkAccessLog(new String(io.simFiles().content(LOG_FILE), StandardCharsets.UTF_8));
        }
        simulator.after(0, () -> {});
        simulator.step(); // Reports what was found since the last step.
    }

    private void violated(String what) {
        simulator.violated(what);
        simulator.after(0, () -> {});
        simulator.step();
    }

    private void makeClients(boolean isRough) {
        int count = chance.between(1, CLIENTS_MAX);
        var traffic = new SimClient.Traffic(
                isFair, isRough, bodyMax, isStorm ? REQUESTS_OF_STORM_MAX : REQUESTS_MAX, upstreams, ofTunnels);
        for (int i = 0; i < count; i++) {
            SocketAddress from = address(10, 1, chance.nextInt(3), 1 + chance.nextInt(3), 40_000 + i);
            clients.add(client(i, from, traffic));
        }
    }

    private TrafficSource client(int number, SocketAddress from, SimClient.Traffic traffic) {
        if (!ofTunnels.isEmpty() && http2Chance.oneIn(3)) {
            return new SimTunnelClient(io, ledger, number, from, listening, traffic);
        }
        return spoken != Spoken.HTTP_1 && http2Chance.nextInt(3) > 0
                ? new SimHttp2Client(io, ledger, number, from, listening, traffic, http2Limits)
                : new SimClient(io, ledger, number, from, listening, traffic);
    }

    // ---- configuration and origins ---------------------------------------------------------------------------------

    private String config(boolean isRough) {
        var text = new StringBuilder("version: 1\nloops: " + chance.between(1, 3) + "\n");
        text.append("listeners:\n- name: web\n  address: 10.0.0.1:8080\n");
        text.append("  limits: {bufferBytes: %s, requestsPerConnection: %d, drainBytes: %s, body: 2MiB}\n"
                .formatted(
                        chance.oneOf("4KiB", "32KiB", "64KiB"),
                        isFair ? 10_000 : chance.oneOf(2, 10_000),
                        chance.oneOf("0B", "64KiB")));
        text.append(("  timeouts: {header: %s, bodyIdle: %s, keepAlive: %s, sendStall: %s, drain: 1s, linger: %s,"
                        + " expectContinue: %s}\n")
                .formatted(
                        time("1s", "5s"),
                        time("1s", "5s"),
                        time("0s", "1s", "5s"),
                        time("1s", "5s"),
                        chance.oneOf("0s", "1s"),
                        chance.oneOf("0s", "200ms", "1s")));
        text.append("  http1: {halfClose: %s}\n".formatted(chance.oneOf("wait", "abort")));
        if (spoken != Spoken.HTTP_1) {
            http2(text);
        }
        if (asksServer) {
            text.append("dns: {timeout: %s, queries: %d}\n"
                    .formatted(isFair ? "10s" : "300ms", nameChance.oneOf(1, 2, 64)));
        }
        text.append("upstreams:\n");
        for (int i = 0; i < upstreams; i++) {
            upstream(text, i, isRough);
        }
        text.append("routes:\n");
        for (int i = 0; i < upstreams; i++) {
            text.append("- match: {path: /u%d/**}\n  to: u%d\n".formatted(i, i));
            if (ofTunnels.contains(i)) {
                tunnels(text);
            }
            fallback(text, i);
        }
        text.append("log:\n  access: %s\n".formatted(chance.oneIn(4) ? "off" : "{format: json, to: " + LOG_FILE + "}"));
        return text.toString();
    }

    private void http2(StringBuilder text) {
        text.append("  protocols: [h2, http/1.1]\n");
        text.append(
                ("  http2: {streams: %d, streamWindow: %dB, connectionWindow: %dB, frameSize: %s, responseHeaderTable: %s,"
                                + " progress: %s, settingsTimeout: %s}\n")
                        .formatted(
                                http2Chance.oneOf(1, 3, 100),
                                http2Limits.streamWindow(),
                                http2Limits.connectionWindow(),
                                http2Chance.oneOf("16KiB", "64KiB"),
                                http2Chance.oneOf("0B", "200B", "4KiB"),
                                isFair ? "1B" : http2Chance.oneOf("1B", "4KiB"),
                                isFair ? "200s" : http2Chance.oneOf("2s", "10s")));
    }

    private void upstream(StringBuilder text, int index, boolean isRough) {
        List<String> endpoints = new ArrayList<>();
        int count = chance.between(1, 3);
        for (int i = 0; i < count; i++) {
            SocketAddress at = host(index, i, isRough);
            endpoints.add(at.toString().substring(1));
        }
        boolean isNamed = chance.oneIn(3);
        if (isNamed) {
            String name = "origin" + index + ".example";
            endpoints = List.of(name + ":9000");
            rename(name, index, count);
            text.append("  u%d:\n    endpoints: %s\n".formatted(index, quoted(endpoints)));
        } else if (listChance.oneIn(3)) {
            String path = "/sim/u%d.yaml".formatted(index);
            lists.put(path, list(path, endpoints));
            text.append("  u%d:\n    endpoints: {file: %s, watch: 100ms}\n".formatted(index, path));
        } else {
            text.append("  u%d:\n    endpoints: %s\n".formatted(index, quoted(endpoints)));
        }
        text.append("    discovery: {drain: %s}\n".formatted(listChance.oneOf("0s", "100ms", "2s", "30s")));
        text.append("    balance: %s\n".formatted(chance.oneOf("p2c", "round-robin")));
        int attempts = chance.between(1, ATTEMPTS_MAX);
        int budget = chance.oneOf(0, 20, 100);
        ledger.retryBudget(index, budget, RETRY_FLOOR_PER_SECOND);
        text.append("    retry: {attempts: %d, budget: %d%%%s%s%s}\n"
                .formatted(
                        isStorm ? ATTEMPTS_MAX : attempts,
                        budget,
                        !isFair && chance.oneIn(4) ? ", perTry: 500ms" : "",
                        replayFile(),
                        isStorm || attempts > 1 ? hedge() : ""));
        boolean isLimited = !isStorm && limitChance.oneIn(3);
        String pending = isFair ? "1h" : limitChance.oneOf("100ms", "1s", "5s");
        String connect = time("300ms", "2s");
        String firstByte = time("1s", "5s");
        String bodyIdle = time("1s", "5s");
        String poolIdle = chance.oneOf("0s", "500ms", "5s");
        text.append("    timeouts: {connect: %s, firstByte: %s, bodyIdle: %s, poolIdle: %s, pending: %s}\n"
                .formatted(connect, firstByte, bodyIdle, poolIdle, pending));
        int idle = chance.oneOf(0, 1, 64);
        int drawn = !isFair ? chance.oneOf(1, 2, 1_024) : 1_024;
        int connections = isStorm ? 1_024 : isLimited ? limitChance.oneOf(1, 2, 3, 1_024) : drawn;
        String requests = isLimited ? limitChance.oneOf("none", "1", "3") : "none";
        text.append("    pool: {idle: %d, connections: %d, requests: %s, %s}\n"
                .formatted(idle, connections, requests, life(count, connections, idle > 0 && !poolIdle.equals("0s"))));
        if (isLimited) {
            breaker(text);
        }
        boolean isOneEndpoint = listChance.oneIn(2);
        text.append("    dns: {refresh: 1s, timeout: %s, endpoint: %s, family: %s, nextAddress: %s}\n"
                .formatted(
                        asksServer && isFair ? "60s" : "500ms",
                        isOneEndpoint ? "name" : "address",
                        listChance.oneOf("auto", "ipv4", "both"),
                        listChance.oneOf("10ms", "250ms")));
        boolean isProbed = health(text);
        // Connects to several addresses of one endpoint go on side by side.
        if (!isProbed && !(isNamed && isOneEndpoint)) {
            addresses(index, count).forEach(each -> connectionLimits.add(new ConnectionLimit(each, connections)));
        }
        boolean isTunnelled = spoken.hasTunnels() && http2Chance.nextInt(4) > 0;
        if (isTunnelled) {
            ofTunnels.add(index);
        }
        List<SimOriginHost> origins = hosts.subList(hosts.size() - count, hosts.size());
        if (spoken == Spoken.CHOSEN && http2Chance.nextInt(5) > 0) {
            upstreamTls(text, origins, isTunnelled);
        } else if ((spoken == Spoken.BOTH_SIDES || spoken.hasTunnels()) && http2Chance.nextInt(3) > 0) {
            text.append("    protocol: h2\n");
            upstreamHttp2(text, origins, isTunnelled);
        }
    }

    /** Second attempts, which begin sooner or later than most answers come. */
    private String hedge() {
        return hedgeChance.oneIn(3) ? ", hedge: " + hedgeChance.oneOf("1ms", "20ms", "300ms") : "";
    }

    /** What is kept of requests is in memory, or in a file as well, or in a file alone. */
    private String replayFile() {
        if (!fileChance.oneIn(2)) {
            return "";
        }
        ledger.addBuffered(FILE_MAX_BYTES);
        return ", replayBytes: %s, replayFile: {max: %s, wait: %s}"
                .formatted(
                        fileChance.oneOf("0B", "1KiB", "64KiB"),
                        fileChance.oneOf("64KiB", "2MiB"),
                        fileChance.oneOf("10ms", "1s"));
    }

    /**
     * Where nothing may be refused, checks do not come to wrong conclusions, and nobody waits for them. Where retries are to be as many as can be, endpoints stay in however they fail.
     *
     * @return whether there may be connections beside those of requests
     */
    private boolean health(StringBuilder text) {
        String ejection = healthChance.oneOf(
                "{failures: 0}",
                "{failures: 5}",
                "{failures: 2, time: 500ms, timeMax: 2s}",
                "{failures: 1, share: 100%}");
        text.append("    ejection: %s\n".formatted(isStorm ? "{failures: 0}" : ejection));
        boolean hasChecks = !isStorm && healthChance.oneIn(3);
        if (hasChecks) {
            text.append(
                    "    health: {type: tcp, interval: 500ms, fastInterval: 200ms, timeout: %s, rise: %d, fall: %d, start: %s}\n"
                            .formatted(
                                    isFair ? "30s" : "300ms",
                                    healthChance.between(1, 3),
                                    healthChance.between(1, 3),
                                    isFair ? "unknown" : healthChance.oneOf("unknown", "up", "down")));
        }
        if (!isStorm && healthChance.oneIn(4)) {
            text.append(
                    "    slowStart: 2s\n    panic: {below: %s}\n".formatted(healthChance.oneOf("0%", "50%", "100%")));
        }
        return hasChecks || !isStorm && !ejection.equals("{failures: 0}");
    }

    /** What all endpoints together may be asked for: little, of which everybody gets some in time where nothing may be refused. */
    private void breaker(StringBuilder text) {
        boolean isTripping = !isFair && limitChance.oneIn(3);
        text.append("    breaker: {connections: %d, requests: %d, pending: %d, retries: %d%s}\n"
                .formatted(
                        limitChance.oneOf(1, 2, 5, 1_024),
                        limitChance.oneOf(1, 2, 5, 1_024),
                        isFair ? 1_024 : limitChance.oneOf(0, 1, 3, 1_024),
                        isFair ? 1_024 : limitChance.oneOf(0, 1, 1_024),
                        isTripping ? ", trip: " + trip() : ""));
        if (!isFair && limitChance.oneIn(4)) {
            text.append("    concurrency: {initial: 2, min: 1, window: 100ms, remeasure: 1s}\n");
        }
    }

    private String trip() {
        return "{window: 1s, requests: %d, slow: %s, slowAfter: 100ms, open: 300ms, openMax: 1s, probes: %d, probeTimeout: 500ms, return: %s}"
                .formatted(
                        limitChance.between(1, 4),
                        limitChance.oneOf("0%", "30%"),
                        limitChance.oneOf(1, 2),
                        limitChance.oneOf("0s", "500ms"));
    }

    private static List<SocketAddress> addresses(int upstream, int count) {
        List<SocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(address(10, 2, upstream, 1 + i, 9000));
        }
        return addresses;
    }

    /** Worlds in which some upstreams stand in for others, once, and some routes have an answer of their own. */
    private void fallback(StringBuilder text, int upstream) {
        if (!fallbackChance.oneIn(3)) {
            return;
        }
        int other = fallbackChance.nextInt(upstreams);
        String on = fallbackChance.oneOf("failure", "[failure, 500-599]", "[failure, 404, 503]");
        if (other == upstream || ofTunnels.contains(upstream)) {
            // Where nothing goes wrong each request has its origin's answer, whatever that says.
            text.append(
                    "  fallback: {respond: {status: 503, body: sorry}, on: %s}\n".formatted(isFair ? "failure" : on));
        } else {
            ledger.fallback(upstream, other);
            text.append("  fallback: {to: u%d, on: %s}\n".formatted(other, on));
        }
    }

    /** How long connections last, and how many are opened ahead. Most worlds go on without either, as they always did. */
    private String life(int endpoints, int connections, boolean mayBeAhead) {
        if (poolChance.nextInt(3) > 0) {
            return "jitter: 0%";
        }
        int preconnect = mayBeAhead ? Math.min(connections, poolChance.oneOf(0, 1, 2, 4)) : 0;
        aheadMax += endpoints * preconnect;
        return "jitter: %d%%, preconnect: %d".formatted(poolChance.oneOf(10, 100), preconnect);
    }

    private void tunnels(StringBuilder text) {
        text.append("  webSocket: {idle: %s, age: %s, closeWait: %s, closeFrames: %s}\n"
                .formatted(
                        isFair ? "200s" : http2Chance.oneOf("300ms", "2s", "10s"),
                        isFair ? "unlimited" : http2Chance.oneOf("1s", "5s", "unlimited"),
                        http2Chance.oneOf("300ms", "5s"),
                        isFair || http2Chance.nextInt(4) > 0));
    }

    /** Over TLS, by HTTP/2 or HTTP/1.1 as its origins choose, or by one of them alone. */
    private void upstreamTls(StringBuilder text, List<SimOriginHost> origins, boolean isTunnelled) {
        String protocol = http2Chance.oneOf("auto", "auto", "auto", "h2", "http/1.1");
        text.append("    protocol: %s\n    tls: {verify: off, provider: %s}\n".formatted(protocol, SimTls.NAME));
        boolean isAuto = protocol.equals("auto");
        if (!protocol.equals("http/1.1")) {
            upstreamHttp2(text, origins, isTunnelled);
        }
        for (SimOriginHost origin : origins) {
            SimAlpn alpn = isAuto
                    ? http2Chance.oneOf(
                            SimAlpn.EITHER, SimAlpn.EITHER, SimAlpn.BY_CONNECTION, SimAlpn.HTTP_1, SimAlpn.HTTP_2)
                    : http2Chance.oneOf(SimAlpn.EITHER, protocol.equals("h2") ? SimAlpn.HTTP_2 : SimAlpn.HTTP_1);
            boolean isSpeakingBoth = isAuto && alpn != SimAlpn.HTTP_2;
            origin.speakSecurely(
                    isAuto && isFair && !isSpeakingBoth ? SimAlpn.EITHER : alpn,
                    isSpeakingBoth ? http2Chance.oneOf(0, 4, 20) : 0);
        }
    }

    private void upstreamHttp2(StringBuilder text, List<SimOriginHost> origins, boolean isTunnelled) {
        int connectionWindow = http2Chance.oneOf(1 << 16, 100_000, 1 << 20);
        int streamWindow = http2Chance.oneOf(1 << 10, 10_000, 1 << 16, 200_000);
        var windows = new Http2Limits(Math.min(streamWindow, connectionWindow), connectionWindow);
        text.append(
                ("    http2: {streams: %d, streamWindow: %dB, connectionWindow: %dB, settingsTimeout: %s, sendStall: %s,"
                                + " pingInterval: %s}\n")
                        .formatted(
                                http2Chance.oneOf(1, 3, 100),
                                windows.streamWindow(),
                                windows.connectionWindow(),
                                isFair ? "200s" : http2Chance.oneOf("2s", "10s"),
                                isFair ? "200s" : http2Chance.oneOf("2s", "10s"),
                                isFair ? "0s" : http2Chance.oneOf("0s", "500ms")));
        origins.forEach(origin -> origin.speakHttp2(windows, isTunnelled ? drawOffer() : Http2Offer.NEVER));
    }

    private Http2Offer drawOffer() {
        Http2Offer drawn = http2Chance.oneOf(
                Http2Offer.AT_ONCE, Http2Offer.AT_ONCE, Http2Offer.LATE, Http2Offer.BEHIND_OTHERS, Http2Offer.NEVER);
        boolean isSure = drawn == Http2Offer.AT_ONCE || drawn == Http2Offer.LATE;
        return isFair && !isSure ? Http2Offer.AT_ONCE : drawn;
    }

    /** One of these timeouts; where nothing may go wrong, one that nothing meets. */
    private String time(String... choices) {
        return isFair ? "200s" : chance.oneOf(choices);
    }

    private static List<String> quoted(List<String> words) {
        return words.stream().map(word -> '"' + word + '"').toList();
    }

    private SocketAddress host(int upstream, int endpoint, boolean isRough) {
        SocketAddress at = address(10, 2, upstream, 1 + endpoint, 9000);
        SimOriginHost host =
                new SimOriginHost(simulator, ledger, upstream, isRough && chance.nextInt(2) == 0, isStorm, bodyMax);
        hosts.add(host);
        hostAddresses.add(at);
        io.host(at, host);
        return at;
    }

    /** Gives the name some of the upstream's addresses, and others later. */
    private void rename(String name, int upstream, int count) {
        int first = chance.nextInt(count);
        int length = chance.between(1, count - first);
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = first; i < first + length; i++) {
            addresses.add(((InetSocketAddress) address(10, 2, upstream, 1 + i, 9000)).getAddress());
        }
        io.name(name, addresses);
        simulator.after(chance.between(0L, 5 * SECOND_NS), () -> rename(name, upstream, count));
    }

    /** Lists some of the endpoints, and others later; now and then what is written is of no use. */
    private String list(String path, List<String> endpoints) {
        List<String> some = new ArrayList<>();
        for (String each : endpoints) {
            if (some.isEmpty() || listChance.nextInt(3) > 0) {
                some.add(each);
            }
        }
        String text = quoted(some) + "\n";
        boolean isOfUse = !lists.containsKey(path) || !listChance.oneIn(5);
        io.simFiles().writeReadable(Path.of(path), (isOfUse ? text : "nonsense").getBytes(StandardCharsets.UTF_8));
        simulator.after(listChance.between(0L, 5 * SECOND_NS), () -> list(path, shuffled(endpoints)));
        return text;
    }

    private List<String> shuffled(List<String> endpoints) {
        List<String> turned = new ArrayList<>(endpoints);
        Collections.rotate(turned, listChance.nextInt(endpoints.size()));
        return turned;
    }

    private static SocketAddress address(int a, int b, int c, int d, int port) {
        try {
            byte[] bytes = {(byte) a, (byte) b, (byte) c, (byte) d};
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
