package dev.headgate.config;

import dev.headgate.config.IdentityConfig.PoweredBy;
import dev.headgate.config.IdentityConfig.Server;
import dev.headgate.config.LogConfig.AccessLog;
import dev.headgate.config.LogConfig.Format;
import dev.headgate.config.LogConfig.Level;
import dev.headgate.config.LogConfig.Target;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.MappedSpec;
import dev.headgate.config.spec.NamedSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration language, version {@value #VERSION}: the keys of the document and of what concerns the process. */
final class Language {
    static final int VERSION = 1;

    private static final int LISTENERS_MAX = 256;
    private static final int TRUSTED_MAX = 1024;
    private static final int UPSTREAMS_MAX = 10_000;
    private static final int ROUTES_MAX = 100_000;

    static final ObjectSpec<IdentityConfig> IDENTITY = identity();
    private static final long WARM_UP_NS = 15 * Durations.SECOND;

    static final ObjectSpec<LogConfig> LOG = log();
    static final ObjectSpec<LimitsConfig> LIMITS = limits();
    static final ObjectSpec<ProxyConfig> DOCUMENT = document();

    private Language() {}

    private static ObjectSpec<ProxyConfig> document() {
        var spec = ObjectSpec.<ProxyConfig>named("document", "The whole configuration.");
        var version = spec.required("version", version(), "Version of the language.");
        var loops = spec.withDefault(
                "loops",
                Scalars.count(1, ProxyConfig.LOOPS_MAX).orWord("auto", 0),
                0,
                "Event loops; auto is one per available processor.");
        var busyPoll = spec.withDefault(
                "busyPoll",
                Durations.between(Durations.MICROSECOND, 10 * Durations.MILLISECOND)
                        .orWord("off", 0L),
                0L,
                "How long a loop spins before it blocks: less latency for more CPU.");
        var drain = spec.withDefault(
                "drain",
                Durations.between(0, 24 * Durations.HOUR),
                30 * Durations.SECOND,
                "How long open exchanges may go on after SIGTERM. What is then left is closed.");
        var webSocketDrainRate = spec.withDefault(
                "webSocketDrainRate",
                Scalars.count(1, ProxyConfig.DRAIN_RATE_MAX).orWord("auto", 0),
                0,
                "How many WebSockets get their Close frames per second after SIGTERM, so that clients do not all come back at"
                        + " once; auto spreads them over drain.");
        var warmUp = spec.withDefault(
                "warmUp",
                Durations.between(0, Durations.MINUTE),
                WARM_UP_NS,
                "How long after the start TLS handshakes are made in memory, when a listener speaks TLS: the JVM compiles what"
                        + " they take, so that clients wait less for theirs. It keeps a processor busy meanwhile, but gives way to handshakes of"
                        + " clients. 0s: never.");
        var listeners = spec.required(
                "listeners",
                new ListSpec<>(ListenerLanguage.LISTENER, 1, LISTENERS_MAX)
                        .distinctBy("name", ListenerConfig::name)
                        .distinctBy("address", Language::addressIdentity),
                "Bound sockets.");
        var trustedProxies = spec.withDefault(
                "trustedProxies",
                new ListSpec<>(HttpScalars.cidr(), 0, TRUSTED_MAX),
                List.of(),
                "Peers whose Forwarded and X-Forwarded-* fields are believed.");
        var upstreams = spec.withDefault(
                "upstreams",
                new NamedSpec<>(UpstreamLanguage.UPSTREAM, UPSTREAMS_MAX, UpstreamLanguage::named),
                Map.of(),
                "Where requests can go, by name.");
        var routes = spec.optional(
                "routes",
                routes(),
                "The first that matches wins. A request that none takes gets 404. Needed as soon as a listener speaks HTTP.");
        var identity = spec.withDefault(
                "identity", IDENTITY, IDENTITY.defaults(), "What messages tell about the software that made them.");
        var log = spec.withDefault("log", LOG, LOG.defaults(), "Access log and error log.");
        var limits = spec.withDefault("limits", LIMITS, LIMITS.defaults(), "Bounds of the process as a whole.");
        var dns = spec.withDefault(
                "dns",
                ResolverLanguage.RESOLVER,
                ResolverLanguage.RESOLVER.defaults(),
                "Who says what stands behind names.");
        return spec.build(new Shape<>() {
            @Override
            public ProxyConfig make(Values<ProxyConfig> values) {
                return new ProxyConfig(
                        values.get(loops),
                        values.get(busyPoll),
                        values.get(drain),
                        values.get(webSocketDrainRate),
                        values.get(warmUp),
                        values.get(listeners),
                        values.get(trustedProxies),
                        values.get(upstreams),
                        Optional.ofNullable(values.find(routes)).orElse(List.of()),
                        values.get(identity),
                        values.get(log),
                        values.get(limits),
                        values.get(dns));
            }

            @Override
            public void split(ProxyConfig config, Values<ProxyConfig> values) {
                values.put(version, VERSION);
                values.put(loops, config.loops());
                values.put(busyPoll, config.busyPollNs());
                values.put(drain, config.drainNs());
                values.put(webSocketDrainRate, config.webSocketDrainRate());
                values.put(warmUp, config.warmUpNs());
                values.put(listeners, config.listeners());
                values.put(trustedProxies, config.trustedProxies());
                values.put(upstreams, config.upstreams());
                values.put(routes, config.routes().isEmpty() ? null : config.routes());
                values.put(identity, config.identity());
                values.put(log, config.log());
                values.put(limits, config.limits());
                values.put(dns, config.dns());
            }

            @Override
            public void check(ProxyConfig config, Place place) {
                DocumentChecks.checkRoutes(config, place);
                DocumentChecks.checkReachability(config, place);
                TunnelChecks.check(config, place);
                UpstreamProtocolChecks.check(config, place);
                BalanceChecks.check(config, place);
                HedgeChecks.checkRoutes(config, place);
                DocumentChecks.checkCertificates(config, place);
                DocumentChecks.checkBranching(config, place);
                DocumentChecks.checkConnections(config, place);
                DocumentChecks.checkReplayFiles(config, place);
                DocumentChecks.checkMemory(config, place);
            }
        });
    }

    private static ScalarSpec<Integer> version() {
        ScalarSpec<Integer> any = Scalars.count(0, Integer.MAX_VALUE);
        return new ScalarSpec<>(
                "number",
                "version: " + VERSION,
                "",
                new ScalarSpec.Notation<>() {
                    @Override
                    public Integer parse(ScalarSpec.Value value) throws Refused {
                        Integer version = any.notation().parse(value);
                        if (version == VERSION) return version;
                        throw new Refused(ProblemCode.UNKNOWN_VERSION, "unknown version of the language", "", "");
                    }

                    @Override
                    public Object write(Integer version) {
                        return any.notation().write(version);
                    }
                },
                Map.of("const", (long) VERSION));
    }

    /** Any number of listeners may ask for a free port. */
    private static String addressIdentity(ListenerConfig listener) {
        return listener.address() instanceof Address.Tcp tcp && tcp.port() == 0
                ? ""
                : listener.address().toString();
    }

    private static Spec<List<RouteConfig>> routes() {
        ListSpec<RouteConfig> list =
                new ListSpec<>(RouteLanguage.ROUTE, 1, ROUTES_MAX).distinctBy("name", RouteConfig::name);
        return new MappedSpec<>(list, Language::withNames, routes -> routes);
    }

    private static List<RouteConfig> withNames(List<RouteConfig> routes) {
        List<RouteConfig> named = new ArrayList<>(routes.size());
        for (RouteConfig route : routes) {
            String placeName = "route-" + (named.size() + 1);
            named.add(route.name().isEmpty() ? RouteLanguage.named(placeName, route) : route);
        }
        return named;
    }

    private static ObjectSpec<IdentityConfig> identity() {
        var spec =
                ObjectSpec.<IdentityConfig>named("identity", "What messages tell about the software that made them.");
        var server = spec.withDefault(
                "server",
                Scalars.words(Words.of("strip", Server.STRIP, "headgate", Server.HEADGATE, "pass", Server.PASS)),
                Server.STRIP,
                "The Server field of responses: strip leaves it out, headgate says headgate, pass keeps the origin's.");
        var poweredBy = spec.withDefault(
                "poweredBy",
                Scalars.words(Words.of("strip", PoweredBy.STRIP, "pass", PoweredBy.PASS)),
                PoweredBy.STRIP,
                "X-Powered-By, X-AspNet-Version, X-AspNetMvc-Version, X-Generator and X-Runtime of responses.");
        var via = spec.withDefault("via", HttpScalars.token(), "headgate", "Our name in the Via field.");
        return spec.build(new Shape<>() {
            @Override
            public IdentityConfig make(Values<IdentityConfig> values) {
                return new IdentityConfig(values.get(server), values.get(poweredBy), values.get(via));
            }

            @Override
            public void split(IdentityConfig config, Values<IdentityConfig> values) {
                values.put(server, config.server());
                values.put(poweredBy, config.poweredBy());
                values.put(via, config.via());
            }
        });
    }

    private static ObjectSpec<LogConfig> log() {
        ObjectSpec<AccessLog> accessObject = accessLog();
        Spec<Optional<AccessLog>> present =
                new MappedSpec<>(accessObject, Optional::of, log -> log.orElseThrow(IllegalStateException::new));
        ScalarSpec<Optional<AccessLog>> off = Scalars.words(Map.of("off", Optional.<AccessLog>empty()));
        var spec = ObjectSpec.<LogConfig>named("log", "Access log and error log.");
        var access = spec.withDefault(
                "access",
                new ShorthandSpec<>(off, present, Optional::isEmpty),
                Optional.of(accessObject.defaults()),
                "One record per exchange, or off.");
        var level = spec.withDefault(
                "level",
                Scalars.words(levels()),
                Level.INFO,
                "Least severity that the error log shows. It goes to standard error.");
        return spec.build(new Shape<>() {
            @Override
            public LogConfig make(Values<LogConfig> values) {
                return new LogConfig(values.get(access), values.get(level));
            }

            @Override
            public void split(LogConfig config, Values<LogConfig> values) {
                values.put(access, config.access());
                values.put(level, config.level());
            }
        });
    }

    private static Map<String, Level> levels() {
        Map<String, Level> levels = new LinkedHashMap<>();
        levels.put("error", Level.ERROR);
        levels.put("warning", Level.WARNING);
        levels.put("info", Level.INFO);
        levels.put("debug", Level.DEBUG);
        return levels;
    }

    private static ObjectSpec<AccessLog> accessLog() {
        var spec = ObjectSpec.<AccessLog>named("log.access", "One record per exchange.");
        var format = spec.withDefault(
                "format",
                Scalars.words(Words.of("json", Format.JSON, "common", Format.COMMON, "combined", Format.COMBINED)),
                Format.JSON,
                "The form of a record.");
        var to = spec.withDefault(
                "to",
                logTarget(),
                new Target.Stdout(),
                "Where records go: stdout, stderr, or the path of a file, which is appended to.");
        var bufferBytes = spec.withDefault(
                "bufferBytes",
                Sizes.intBetween(64 * Sizes.KIB, 64 * Sizes.MIB),
                1 << 20,
                "Records waiting to be written, per loop. What does not fit is dropped and counted.");
        return spec.build(new Shape<>() {
            @Override
            public AccessLog make(Values<AccessLog> values) {
                return new AccessLog(values.get(format), values.get(to), values.get(bufferBytes));
            }

            @Override
            public void split(AccessLog log, Values<AccessLog> values) {
                values.put(format, log.format());
                values.put(to, log.target());
                values.put(bufferBytes, log.bufferBytes());
            }
        });
    }

    private static ScalarSpec<Target> logTarget() {
        ScalarSpec<Target> file = Scalars.text("file", "the path of a file", Language::checkLogPath)
                .map(Target.File::new, target -> target instanceof Target.File(String path) ? path : "");
        return file.orWord("stdout", new Target.Stdout()).orWord("stderr", new Target.Stderr());
    }

    private static String checkLogPath(ScalarSpec.Value value) throws Refused {
        String path = value.text();
        if (path.isBlank() || path.indexOf('\0') >= 0 || path.endsWith("/")) throw Refused.badValue("not a file");
        // Without this a slip such as "stdut" would quietly create a file of that name.
        if (path.indexOf('/') < 0 && path.indexOf('.') < 0) {
            throw Refused.badValue("neither stdout, stderr nor the path of a file", "write ./" + path + " for a file");
        }
        return path;
    }

    private static ObjectSpec<LimitsConfig> limits() {
        var spec = ObjectSpec.<LimitsConfig>named("limits", "Bounds of the process as a whole.");
        var connections = spec.withDefault(
                        "connections",
                        Scalars.count(1, 10_000_000),
                        50_000,
                        "Open downstream connections of all listeners. A further one is closed at once.")
                .edgeLimit();
        var connectionsPerPrefix = spec.withDefault(
                        "connectionsPerPrefix",
                        Scalars.count(1, 10_000_000),
                        256,
                        "Open connections of one client prefix. A further one is closed at once.")
                .edgeLimit();
        var ipv4Prefix =
                spec.withDefault("ipv4Prefix", Scalars.count(8, 32), 32, "Leading bits that make IPv4 clients one.");
        var ipv6Prefix =
                spec.withDefault("ipv6Prefix", Scalars.count(16, 128), 64, "Leading bits that make IPv6 clients one.");
        var handshakesWaiting = spec.withDefault(
                        "handshakesWaiting",
                        Scalars.count(1, 1_000_000).orWord("auto", 0),
                        0,
                        "TLS handshakes of clients that may wait to be computed, and as many with origins; auto is 256 per available"
                                + " processor. A further one of a client is closed at once; one with an origin fails, with 503.")
                .edgeLimit(LimitsConfig.usualHandshakesWaiting());
        var replayFiles = spec.withDefault(
                "replayFiles",
                Sizes.between(64 * Sizes.KIB, 64 * Sizes.TIB),
                Sizes.GIB,
                "Room that the temporary files of all upstreams' retry.replayFile may take together. Past it a request streams on and is not sent again.");
        var memory = spec.withDefault(
                "memory",
                Sizes.between(16 * Sizes.MIB, Sizes.TIB),
                LimitsConfig.MEMORY_BYTES_DEFAULT,
                "Direct memory for the buffers of all loops. Past it new work is refused with 503.");
        return spec.build(new Shape<>() {
            @Override
            public LimitsConfig make(Values<LimitsConfig> values) {
                return new LimitsConfig(
                        values.get(connections),
                        values.get(connectionsPerPrefix),
                        values.get(ipv4Prefix),
                        values.get(ipv6Prefix),
                        values.get(handshakesWaiting),
                        values.get(replayFiles),
                        values.get(memory));
            }

            @Override
            public void split(LimitsConfig config, Values<LimitsConfig> values) {
                values.put(connections, config.connections());
                values.put(connectionsPerPrefix, config.connectionsPerPrefix());
                values.put(ipv4Prefix, config.ipv4PrefixBits());
                values.put(ipv6Prefix, config.ipv6PrefixBits());
                values.put(handshakesWaiting, config.handshakesWaiting());
                values.put(replayFiles, config.replayFilesBytes());
                values.put(memory, config.memoryBytes());
            }
        });
    }
}
