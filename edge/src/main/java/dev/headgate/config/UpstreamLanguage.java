package dev.headgate.config;

import dev.headgate.config.UpstreamConfig.DiscoveryConfig;
import dev.headgate.config.UpstreamConfig.DnsConfig;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.UpstreamConfig.HostPolicy;
import dev.headgate.config.UpstreamConfig.Protocol;
import dev.headgate.config.UpstreamConfig.ProxyProtocol;
import dev.headgate.config.UpstreamConfig.RetryConfig;
import dev.headgate.config.UpstreamConfig.UpstreamLimits;
import dev.headgate.config.UpstreamConfig.UpstreamTimeouts;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Values;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The keys of an upstream. */
final class UpstreamLanguage {
    static final int ATTEMPTS_MAX = 10;

    static final String RETRY_ON =
            "What another attempt follows on: connect, no connection came about; reset, it broke before a byte of a response;"
                    + " refused-stream, the origin has not looked at the request; timeout, perTry ran out; statuses and ranges"
                    + " of them; grpc: with the name of a status.";
    static final String RETRY_UNSAFE =
            "Whether requests that are not idempotent, such as POST, are sent again though the origin may have acted on them.";

    static final ObjectSpec<RetryConfig> RETRY = retry();
    static final ObjectSpec<UpstreamTimeouts> TIMEOUTS = timeouts();
    static final ObjectSpec<UpstreamLimits> LIMITS = limits();
    static final ObjectSpec<DnsConfig> DNS = DiscoveryLanguage.dns();
    static final ObjectSpec<DiscoveryConfig> DISCOVERY = DiscoveryLanguage.discovery();
    static final ObjectSpec<UpstreamConfig> UPSTREAM = upstream();

    private UpstreamLanguage() {}

    static UpstreamConfig named(String name, UpstreamConfig upstream) {
        return new UpstreamConfig(
                name,
                upstream.endpoints(),
                upstream.files(),
                upstream.protocol(),
                upstream.balance(),
                upstream.host(),
                upstream.retry(),
                upstream.timeouts(),
                upstream.pool(),
                upstream.breaker(),
                upstream.concurrency(),
                upstream.limits(),
                upstream.http2(),
                upstream.dns(),
                upstream.discovery(),
                upstream.spread(),
                upstream.ejection(),
                upstream.health(),
                upstream.tls(),
                upstream.proxyProtocol());
    }

    private static ObjectSpec<UpstreamConfig> upstream() {
        var spec = ObjectSpec.<UpstreamConfig>named(
                "upstream", "A named set of interchangeable endpoints with one policy.");
        var endpoints = spec.required("endpoints", EndpointLanguage.ENDPOINTS, "Where requests go.");
        var protocol = spec.withDefault(
                "protocol",
                Scalars.words(Words.of("http/1.1", Protocol.HTTP_1_1, "h2", Protocol.H2, "auto", Protocol.AUTO)),
                Protocol.HTTP_1_1,
                "What is spoken with origins. h2 is HTTP/2: offered alone by ALPN with tls, and from the first byte on (prior"
                        + " knowledge) without. auto offers both by ALPN, and each connection speaks what the origin chooses;"
                        + " without tls it means http/1.1.");
        var balance = spec.withDefault(
                "balance",
                BalanceLanguage.BALANCE,
                BalanceConfig.Policy.P2C,
                "How an attempt chooses its endpoint: p2c takes the less busy of two that chance picked; p2c-ewma the better of two by"
                        + " how long answers take as well; least-requests the least busy of all (of a sample where there are more than"
                        + " 64). What is under way is counted over all loops. ip-hash and hash keep a client, or whatever key says, at one.");
        var sticky = spec.optional(
                "sticky", StickyLanguage.STICKY, "What keeps a client at its endpoint; nothing without it.");
        var host = spec.withDefault(
                "host",
                hostPolicy(),
                new HostPolicy.Preserve(),
                "The Host that the origin sees: the client's, the endpoint's address (localhost for a Unix-domain socket), or a fixed one.");
        var retry = spec.withDefault("retry", RETRY, RETRY.defaults(), "How often an exchange is tried.");
        var timeouts = spec.withDefault(
                "timeouts", TIMEOUTS, TIMEOUTS.defaults(), "How long an endpoint may take for each step.");
        var pool = spec.withDefault("pool", PoolLanguage.POOL, PoolLanguage.POOL.defaults(), "Connections kept open.");
        var breaker = spec.withDefault(
                "breaker",
                BreakerLanguage.BREAKER,
                BreakerLanguage.BREAKER.defaults(),
                "What all endpoints together are asked for at most.");
        var concurrency = spec.optional(
                "concurrency",
                ConcurrencyLanguage.CONCURRENCY,
                "A limit of attempts under way that follows from how long answers take; none without it. {} takes all defaults.");
        var limits = spec.withDefault("limits", LIMITS, LIMITS.defaults(), "Sizes and counts of responses.");
        var http2 = spec.withDefault(
                "http2",
                UpstreamHttp2Language.HTTP2,
                UpstreamHttp2Language.HTTP2.defaults(),
                "HTTP/2, where protocol has it spoken.");
        var dns = spec.withDefault("dns", DNS, DNS.defaults(), "How endpoint names are resolved.");
        var discovery = spec.withDefault(
                "discovery", DISCOVERY, DISCOVERY.defaults(), "How a list of endpoints that changes is followed.");
        var slowStart = spec.withDefault(
                "slowStart",
                SpreadLanguage.SLOW_START,
                SpreadLanguage.SLOW_START_KEYS.defaults(),
                "How the share of a new or recovered endpoint grows; 0s: it has its full share at once.");
        var backup = spec.withDefault(
                "backup",
                SpreadLanguage.BACKUP,
                SpreadLanguage.BACKUP.defaults(),
                "When endpoints with backup: true get traffic.");
        var zone =
                spec.optional("zone", SpreadLanguage.ZONE, "The zone whose endpoints are preferred; none without it.");
        var panic = spec.withDefault(
                "panic",
                SpreadLanguage.PANIC,
                SpreadLanguage.PANIC.defaults(),
                "What happens when few endpoints are well.");
        var ejection = spec.withDefault(
                "ejection",
                EjectionLanguage.EJECTION,
                EjectionLanguage.EJECTION.defaults(),
                "When an endpoint is taken out for a while, by what requests to it come to.");
        var health = spec.optional(
                "health", HealthLanguage.HEALTH, "Checks of each endpoint, apart from requests; none without it.");
        var tls = spec.optional(
                "tls",
                UpstreamTlsLanguage.UPSTREAM_TLS,
                "TLS to all endpoints; plain without it. {} takes all defaults.");
        var proxyProtocol = spec.optional(
                "proxyProtocol",
                Scalars.words(Words.of("v1", ProxyProtocol.V1, "v2", ProxyProtocol.V2)),
                "Whether each connection begins by telling whose it is, by the PROXY protocol: v1 in a line of text, v2 in binary."
                        + " Endpoints have to expect it. A connection then serves one client only, by HTTP/1.1. Nothing without it.");
        return spec.build(new Shape<>() {
            @Override
            public UpstreamConfig make(Values<UpstreamConfig> values) {
                return new UpstreamConfig(
                        "",
                        EndpointLanguage.addressesIn(values.get(endpoints)),
                        EndpointLanguage.filesIn(values.get(endpoints)),
                        values.get(protocol),
                        new BalanceConfig(values.get(balance), Optional.ofNullable(values.find(sticky))),
                        values.get(host),
                        values.get(retry),
                        values.get(timeouts),
                        values.get(pool),
                        values.get(breaker),
                        Optional.ofNullable(values.find(concurrency)),
                        values.get(limits),
                        values.get(http2),
                        values.get(dns),
                        values.get(discovery),
                        new SpreadConfig(
                                values.get(slowStart),
                                values.get(backup),
                                Optional.ofNullable(values.find(zone)),
                                values.get(panic)),
                        values.get(ejection),
                        Optional.ofNullable(values.find(health)),
                        Optional.ofNullable(values.find(tls)),
                        Optional.ofNullable(values.find(proxyProtocol)));
            }

            @Override
            public void split(UpstreamConfig config, Values<UpstreamConfig> values) {
                values.put(endpoints, EndpointLanguage.items(config));
                values.put(protocol, config.protocol());
                values.put(balance, config.balance().choice());
                values.put(sticky, config.balance().sticky().orElse(null));
                values.put(host, config.host());
                values.put(retry, config.retry());
                values.put(timeouts, config.timeouts());
                values.put(pool, config.pool());
                values.put(breaker, config.breaker());
                values.put(concurrency, config.concurrency().orElse(null));
                values.put(limits, config.limits());
                values.put(http2, config.http2());
                values.put(dns, config.dns());
                values.put(discovery, config.discovery());
                values.put(slowStart, config.spread().slowStart());
                values.put(backup, config.spread().backup());
                values.put(zone, config.spread().zone().orElse(null));
                values.put(panic, config.spread().panic());
                values.put(ejection, config.ejection());
                values.put(health, config.health().orElse(null));
                values.put(tls, config.tls().orElse(null));
                values.put(proxyProtocol, config.proxyProtocol().orElse(null));
            }

            @Override
            public void check(UpstreamConfig config, Place place) {
                EndpointLanguage.checkFiles(config, place);
                checkWeights(config, place);
                checkZone(config, place);
                StickyLanguage.checkUpstream(config, place);
                checkPerTry(config, place);
                HedgeChecks.checkUpstream(config, place);
                UpstreamTlsLanguage.checkServerNames(config, place);
                UpstreamProtocolChecks.checkEffect(config, place);
                HealthLanguage.checkUpstream(config, place);
                PoolLanguage.checkUpstream(config, place);
            }
        });
    }

    private static void checkWeights(UpstreamConfig upstream, Place place) {
        if (!upstream.files().isEmpty()) return;
        for (EndpointConfig endpoint : upstream.endpoints()) {
            if (endpoint.weight() > 0) return;
        }
        Place at = place.at("endpoints");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "no endpoint takes any traffic")
                .found("weight 0 everywhere")
                .expected("at least one endpoint with a weight above 0"));
    }

    private static void checkZone(UpstreamConfig upstream, Place place) {
        SpreadConfig.Zone own = upstream.spread().zone().orElse(null);
        if (own == null
                || !upstream.files().isEmpty()
                || upstream.endpoints().stream()
                        .anyMatch(each -> each.zone().filter(own.name()::equals).isPresent())) {
            return;
        }
        Set<String> zones = new TreeSet<>();
        upstream.endpoints().forEach(each -> each.zone().ifPresent(zones::add));
        Place at = place.at("zone");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "no endpoint is in this zone")
                .found("\"" + own.name() + "\"")
                .expected(zones.isEmpty() ? "endpoints with a zone" : "one of " + String.join(", ", zones))
                .suggest(Nearest.suggestion(own.name(), zones)));
    }

    private static void checkPerTry(UpstreamConfig upstream, Place place) {
        long perTryNs = upstream.retry().perTryNs();
        long firstByteNs = upstream.timeouts().firstByteNs();
        if (perTryNs <= firstByteNs) return;
        Place at = place.at("retry").at("perTry");
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "perTry is longer than timeouts.firstByte, which ends it")
                .found("perTry " + Durations.format(perTryNs) + ", firstByte " + Durations.format(firstByteNs))
                .expected("perTry at most firstByte"));
    }

    private static ScalarSpec<HostPolicy> hostPolicy() {
        ScalarSpec<HostPolicy> fixed = HttpScalars.authority()
                .map(HostPolicy.Fixed::new, policy -> policy instanceof HostPolicy.Fixed(String host) ? host : "");
        return fixed.orWord("preserve", new HostPolicy.Preserve()).orWord("endpoint", new HostPolicy.Endpoint());
    }

    private static ObjectSpec<RetryConfig> retry() {
        var spec = ObjectSpec.<RetryConfig>named("upstream.retry", "How often an exchange is tried.");
        var attempts = spec.withDefault(
                "attempts", Scalars.count(1, ATTEMPTS_MAX), 3, "Tries in all, the first one included.");
        var perTry = spec.withDefault(
                "perTry",
                perTry(),
                0L,
                "Time for one attempt up to its response head; none leaves that to timeouts.firstByte.");
        var budget = spec.withDefault(
                "budget", Scalars.percent(), 20, "Retries in proportion to requests. Past it the failure is final.");
        var replayBytes = spec.withDefault(
                "replayBytes",
                Sizes.intBetween(0, 256 * Sizes.KIB), // one pooled buffer
                64 << 10,
                "First bytes of a request body, trailers included, that are kept for another attempt. Once they overflow there is none, unless there is a replayFile.");
        var on = spec.withDefault("on", RetryLanguage.ON, RetryOn.USUAL, RETRY_ON);
        var unsafe = spec.withDefault("unsafe", Scalars.bool(), false, RETRY_UNSAFE);
        var backoff = spec.withDefault(
                "backoff",
                RetryLanguage.BACKOFF,
                RetryLanguage.BACKOFF.defaults(),
                "Waits before an endpoint is asked again, or after an answer.");
        var retryAfterMax = spec.withDefault(
                "retryAfterMax",
                Durations.between(0, Durations.MINUTE),
                Durations.SECOND,
                "The longest Retry-After that is waited for. An answer that says more is passed on.");
        var mark = spec.withDefault(
                "mark",
                Scalars.bool(),
                false,
                "Whether the origin is told which retry a request is, in X-Retry-Attempt.");
        var dropped = spec.withDefault(
                "dropped",
                RetryLanguage.DROPPED,
                RetryLanguage.DROPPED.defaults(),
                "What is read of an answer by HTTP/1.1 that is dropped for another attempt.");
        var hedge = spec.withDefault("hedge", RetryLanguage.HEDGE, 0L, RetryLanguage.HEDGE_DOC);
        var replayFile = spec.withDefault(
                "replayFile",
                ReplayFileLanguage.REPLAY_FILE_OR_OFF,
                Optional.empty(),
                "Temporary files for what replayBytes does not hold, or off.");
        return spec.build(new Shape<>() {
            @Override
            public RetryConfig make(Values<RetryConfig> values) {
                return new RetryConfig(
                        values.get(attempts),
                        values.get(perTry),
                        values.get(budget),
                        values.get(replayBytes),
                        values.get(on),
                        values.get(unsafe),
                        values.get(backoff),
                        values.get(retryAfterMax),
                        values.get(mark),
                        values.get(replayFile),
                        values.get(dropped),
                        values.get(hedge));
            }

            @Override
            public void split(RetryConfig config, Values<RetryConfig> values) {
                values.put(attempts, config.attempts());
                values.put(perTry, config.perTryNs());
                values.put(budget, config.budgetPercent());
                values.put(replayBytes, config.replayBytes());
                values.put(on, config.on());
                values.put(unsafe, config.isUnsafe());
                values.put(backoff, config.backoff());
                values.put(retryAfterMax, config.retryAfterMaxNs());
                values.put(mark, config.isMarked());
                values.put(replayFile, config.replayFile());
                values.put(dropped, config.dropped());
                values.put(hedge, config.hedgeAfterNs());
            }
        });
    }

    static ScalarSpec<Long> perTry() {
        return Durations.between(Durations.MILLISECOND, Durations.HOUR).orWord("none", 0L);
    }

    static ScalarSpec<Long> firstByte() {
        return Durations.between(10 * Durations.MILLISECOND, 24 * Durations.HOUR);
    }

    static ScalarSpec<Long> bodyIdle() {
        return Durations.between(10 * Durations.MILLISECOND, 24 * Durations.HOUR);
    }

    private static ObjectSpec<UpstreamTimeouts> timeouts() {
        var spec =
                ObjectSpec.<UpstreamTimeouts>named("upstream.timeouts", "How long an endpoint may take for each step.");
        var connect = spec.withDefault(
                "connect",
                Durations.between(Durations.MILLISECOND, 5 * Durations.MINUTE),
                3 * Durations.SECOND,
                "To accept a connection. Then another endpoint is tried, or 504.");
        var handshake = spec.withDefault(
                "handshake",
                Durations.between(10 * Durations.MILLISECOND, 5 * Durations.MINUTE),
                10 * Durations.SECOND,
                "With tls: from then to the end of the TLS handshake. Then likewise.");
        var firstByte = spec.withDefault(
                "firstByte",
                firstByte(),
                30 * Durations.SECOND,
                "From the last byte of the request to the end of the response head; absolute. Then 504.");
        var bodyIdle = spec.withDefault(
                "bodyIdle",
                bodyIdle(),
                60 * Durations.SECOND,
                "Longest silence within a body, in either direction. Then the exchange is aborted.");
        var poolIdle = spec.withDefault(
                "poolIdle",
                Durations.between(0, 24 * Durations.HOUR),
                60 * Durations.SECOND,
                "How long an unused connection stays open.");
        var pending = spec.withDefault(
                "pending",
                Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                Durations.SECOND,
                "Longest wait for a limit to let a request begin, see breaker and pool. Then 503.");
        return spec.build(new Shape<>() {
            @Override
            public UpstreamTimeouts make(Values<UpstreamTimeouts> values) {
                return new UpstreamTimeouts(
                        values.get(connect),
                        values.get(handshake),
                        values.get(firstByte),
                        values.get(bodyIdle),
                        values.get(poolIdle),
                        values.get(pending));
            }

            @Override
            public void split(UpstreamTimeouts timeouts, Values<UpstreamTimeouts> values) {
                values.put(connect, timeouts.connectNs());
                values.put(handshake, timeouts.handshakeNs());
                values.put(firstByte, timeouts.firstByteNs());
                values.put(bodyIdle, timeouts.bodyIdleNs());
                values.put(poolIdle, timeouts.poolIdleNs());
                values.put(pending, timeouts.pendingNs());
            }
        });
    }

    private static ObjectSpec<UpstreamLimits> limits() {
        var spec = ObjectSpec.<UpstreamLimits>named(
                "upstream.limits",
                "Sizes and counts of responses. A response past one of them becomes 502, and its connection is closed.");
        var headerBytes = spec.withDefault(
                "headerBytes",
                Sizes.intBetween(256, 128 * Sizes.KIB),
                64 << 10,
                "The header section; over HTTP/2 each field counts 32B on top.");
        var headerCount =
                spec.withDefault("headerCount", Scalars.count(1, 1000), 200, "Field lines of a header section.");
        var trailerBytes =
                spec.withDefault("trailerBytes", Sizes.intBetween(0, 64 * Sizes.KIB), 16 << 10, "The trailer section.");
        var interim = spec.withDefault("interim", Scalars.count(0, 100), 8, "1xx responses before the final one.");
        return spec.build(new Shape<>() {
            @Override
            public UpstreamLimits make(Values<UpstreamLimits> values) {
                return new UpstreamLimits(
                        values.get(headerBytes),
                        values.get(headerCount),
                        values.get(trailerBytes),
                        values.get(interim));
            }

            @Override
            public void split(UpstreamLimits limits, Values<UpstreamLimits> values) {
                values.put(headerBytes, limits.headerBytes());
                values.put(headerCount, limits.headerCount());
                values.put(trailerBytes, limits.trailerBytes());
                values.put(interim, limits.interim());
            }
        });
    }
}
