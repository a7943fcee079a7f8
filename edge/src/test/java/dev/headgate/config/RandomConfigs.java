package dev.headgate.config;

import dev.headgate.config.RouteConfig.HeaderEdits;
import dev.headgate.config.RouteConfig.HeaderLine;
import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.http.h2.Http2AbuseLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Valid configurations from a seed: every key takes every kind of value in time. */
final class RandomConfigs {
    private static final long MICROSECOND = 1_000;
    private static final long SECOND = 1_000_000_000L;
    private static final Map<String, String> LABELS = Map.of("version", "v2");

    private final Random random;

    private RandomConfigs(Random random) {
        this.random = random;
    }

    static Arbitrary<ProxyConfig> configurations() {
        return Arbitraries.randomValue(random -> new RandomConfigs(random).config());
    }

    private ProxyConfig config() {
        Map<String, UpstreamConfig> upstreams = new LinkedHashMap<>();
        for (int i = count(0, 3); i > 0; i--) {
            String name = pick("app", "b.c", "x_y-" + i, "true", "null", "1", "no");
            upstreams.put(name, upstream(name));
        }
        List<ListenerConfig> listeners = new ArrayList<>();
        List<String> names = List.copyOf(upstreams.keySet());
        List<String> plain = upstreams.values().stream()
                .filter(upstream -> upstream.tls().isEmpty())
                .map(UpstreamConfig::name)
                .toList();
        for (int i = count(1, 3); i > 0; i--) {
            ListenerConfig any = listener("l" + i, i, plain);
            ListenerConfig http = any.servesHttp()
                    ? any
                    : withoutHttp(any, any.tls(), ConfigDefaults.listener(any.name(), any.address()));
            listeners.add(names.isEmpty() || random.nextInt(4) > 0 ? http : layer4(http, names));
        }
        List<RouteConfig> routes = new ArrayList<>();
        boolean servesHttp = listeners.stream().anyMatch(ListenerConfig::servesHttp);
        for (int i = servesHttp ? count(1, 4) : 0; i > 0; i--) routes.add(route("r" + i, upstreams));
        return new ProxyConfig(
                pick(0, 1, 1024),
                pick(0L, 50 * MICROSECOND, SECOND / 100),
                duration(0, 24 * 3600),
                pick(0, 1, ProxyConfig.DRAIN_RATE_MAX),
                duration(0, 60),
                listeners,
                pick(List.of(), List.of(Cidr.of("10.0.0.0/8")), List.of(Cidr.of("::1"), Cidr.of("fd00:0:0:1::/64"))),
                upstreams,
                routes,
                new IdentityConfig(
                        pick(IdentityConfig.Server.values()),
                        pick(IdentityConfig.PoweredBy.values()),
                        pick("headgate", "e!1")),
                log(),
                new LimitsConfig(
                        1_000_000 + count(0, 5),
                        count(1, 1000),
                        count(8, 32),
                        count(16, 128),
                        pick(0, 1, 1_000_000),
                        pick(1L << 20, 1L << 40),
                        2L << 30),
                dns());
    }

    private ResolverConfig dns() {
        ResolverConfig.Source source = pick(
                ResolverConfig.BySystem.FILE,
                ResolverConfig.BySystem.JDK,
                new ResolverConfig.Servers(
                        List.of(new Address.Tcp("10.0.0.2", 53), new Address.Tcp("2001:db8::1", 5353))));
        boolean isSystem = source == ResolverConfig.BySystem.JDK;
        long ttlMinNs = duration(1, 10);
        long ttlMaxNs = duration(10, 86_400);
        return new ResolverConfig(
                source,
                isSystem ? "/etc/hosts" : pick("", "/etc/hosts", "/a b: c"),
                isSystem ? 0L : pick(0L, SECOND / 100, 60 * SECOND),
                isSystem ? 0 : count(0, 10),
                ttlMinNs,
                ttlMaxNs,
                isSystem ? Math.min(30 * SECOND, ttlMaxNs) : pick(ttlMinNs, 10 * SECOND, ttlMaxNs),
                count(1, 1024),
                isSystem ? 64 : count(1, 4096),
                count(1, 100_000));
    }

    private LogConfig log() {
        LogConfig.Target target = pick(
                new LogConfig.Target.Stdout(),
                new LogConfig.Target.Stderr(),
                new LogConfig.Target.File("/var/log/a b: c.log"),
                new LogConfig.Target.File("./\"quoted\"#.log"));
        Optional<LogConfig.AccessLog> access = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(
                        new LogConfig.AccessLog(pick(LogConfig.Format.values()), target, count(64 << 10, 64 << 20)));
        return new LogConfig(access, pick(LogConfig.Level.values()));
    }

    /** The same listener for TCP. */
    private ListenerConfig layer4(ListenerConfig http, List<String> upstreams) {
        ListenerConfig usual = ConfigDefaults.layer4Listener(http.name(), http.address(), pick(upstreams));
        return withoutHttp(http, http.tls().filter(ListenerTls::isTerminating), usual);
    }

    /** What {@code from} says, as far as it means something without HTTP; the rest is as usual. */
    private ListenerConfig withoutHttp(ListenerConfig from, Optional<ListenerTls> tls, ListenerConfig usual) {
        ListenerLimits limits = usual.limits();
        ListenerTimeouts timeouts = usual.timeouts();
        return new ListenerConfig(
                usual.name(),
                usual.address(),
                tls.map(each -> each.isTerminating()
                        ? new ListenerTls(
                                each.certificates(),
                                each.profile(),
                                ListenerTls.SniHost.STRICT,
                                Optional.empty(),
                                each.watchNs(),
                                each.passthrough(),
                                withoutForward(each.clientAuth()),
                                each.provider())
                        : new ListenerTls(
                                List.of(),
                                ListenerTls.Profile.INTERMEDIATE,
                                ListenerTls.SniHost.STRICT,
                                Optional.empty(),
                                SECOND,
                                each.passthrough(),
                                ClientAuthRules.NONE,
                                Optional.empty())),
                Optional.empty(),
                usual.protocols(),
                from.backlog(),
                new ListenerLimits(
                        limits.requestLineBytes(),
                        limits.headerLineBytes(),
                        limits.headerBytes(),
                        limits.headerCount(),
                        limits.headerNameBytes(),
                        limits.bodyBytes(),
                        limits.trailerBytes(),
                        limits.chunkExtensionBytes(),
                        limits.requestsPerConnection(),
                        limits.connectionAgeNs(),
                        from.limits().connections(),
                        limits.drainBytes(),
                        from.limits().bufferBytes()),
                new ListenerTimeouts(
                        from.timeouts().handshakeNs(),
                        timeouts.headerNs(),
                        timeouts.bodyIdleNs(),
                        timeouts.keepAliveNs(),
                        timeouts.sendStallNs(),
                        timeouts.drainNs(),
                        timeouts.lingerNs(),
                        timeouts.expectContinueNs(),
                        duration(1, 3600),
                        pick(0L, SECOND, 3600 * SECOND)),
                usual.bodyRate(),
                usual.uri(),
                usual.http1(),
                usual.http2(),
                usual.to());
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private ListenerConfig listener(String name, int number, List<String> plainUpstreams) {
        Address address = pick(
                new Address.Tcp("0.0.0.0", 8000 + number),
                new Address.Tcp("::", 8000 + number),
                new Address.Tcp("localhost", 0),
                new Address.Unix("/run/a b/" + number + ".sock"));
        boolean isPlain = random.nextBoolean();
        Optional<ListenerTls> tls = isPlain ? Optional.empty() : Optional.of(listenerTls(plainUpstreams));
        boolean hasTunnels = tls.isPresent() && !tls.get().passthrough().isEmpty();
        List<ListenerConfig.Protocol> protocols = pick(
                List.of(ListenerConfig.Protocol.HTTP_1_1),
                List.of(ListenerConfig.Protocol.HTTP_2),
                List.of(ListenerConfig.Protocol.HTTP_1_1, ListenerConfig.Protocol.HTTP_2));
        boolean speaksHttp2 = protocols.contains(ListenerConfig.Protocol.HTTP_2)
                && (isPlain || tls.get().isTerminating());
        return new ListenerConfig(
                name,
                address,
                tls,
                isPlain && random.nextBoolean() ? Optional.of(redirectToHttps()) : Optional.empty(),
                protocols,
                count(1, 65535),
                new ListenerLimits(
                        count(64, 65536),
                        count(1024, 65536),
                        count(65536, 131072),
                        count(1, 1000),
                        count(16, 1024),
                        pick(0L, 1L << 40, 12345L, ListenerLimits.UNLIMITED),
                        count(0, 65536),
                        count(0, 1 << 20),
                        count(1, 1_000_000_000),
                        duration(1, 720 * 3600),
                        count(1, 1_000_000),
                        count(0, 16 << 20),
                        count(4096, 1 << 20)),
                new ListenerTimeouts(
                        duration(1, 3600),
                        duration(1, 3600),
                        duration(1, 3600),
                        duration(0, 3600),
                        duration(1, 3600),
                        duration(0, 300),
                        duration(0, 300),
                        duration(0, 300),
                        hasTunnels ? duration(1, 3600) : 600 * SECOND,
                        hasTunnels ? pick(0L, SECOND, 3600 * SECOND) : 0),
                new ListenerConfig.BodyRate(count(0, 1 << 30), duration(0, 3600)),
                new ListenerConfig.UriPolicy(
                        pick(ListenerConfig.EncodedSlash.values()),
                        pick(ListenerConfig.EncodedControl.values()),
                        random.nextBoolean()),
                new ListenerConfig.Http1Policy(
                        pick(ListenerConfig.UnderscoreHeaders.values()),
                        pick(ListenerConfig.Http10.values()),
                        pick(ListenerConfig.HalfClose.values())),
                speaksHttp2 ? http2() : ConfigDefaults.listener(name, address).http2(),
                Optional.empty());
    }

    private Http2Config http2() {
        return new Http2Config(
                count(1, 10_000),
                count(1024, 256 << 10), // What is kept for each of 64 exchanges has to fit the memory.
                count(64 << 10, 64 << 20),
                count(16 << 10, 64 << 10),
                count(0, 64 << 10),
                count(0, 64 << 10),
                count(0, 16 << 20),
                count(0, 1024),
                duration(1, 3600),
                duration(0, 3600),
                duration(1, 3600),
                count(1, 1 << 20),
                http2Abuse());
    }

    private Http2AbuseLimits http2Abuse() {
        return new Http2AbuseLimits(
                count(0, 1_000_000),
                duration(1, 3600),
                duration(1, 3600),
                count(0, 1_000_000),
                count(16, 1_000_000),
                count(1, 1_000_000),
                duration(1, 3600),
                count(8, 1024),
                count(1, 1_000_000),
                duration(1, 3600),
                count(1, 1_000_000),
                count(1, 1_000_000),
                duration(1, 3600),
                count(1, 1_000_000),
                count(1, 1_000_000),
                count(1, 1_000_000),
                duration(1, 3600));
    }

    private RedirectToHttps redirectToHttps() {
        List<PathPattern> except = pick(
                List.of(), List.of(new PathPattern("/**")), List.of(new PathPattern("/a"), new PathPattern("/b/*")));
        return new RedirectToHttps(pick(1, 443, 65535), pick(301, 302, 307, 308), except);
    }

    private ListenerTls listenerTls(List<String> plainUpstreams) {
        if (random.nextInt(4) == 0) return ListenerTls.internal();
        List<PassThrough> passed = plainUpstreams.isEmpty() || random.nextBoolean()
                ? List.of()
                : List.of(new PassThrough(
                        some(new HostPattern("db.example.com"), new HostPattern("*.example.org")),
                        some("h2", "acme-tls/1"),
                        pick(plainUpstreams)));
        boolean isTerminating = passed.isEmpty() || random.nextBoolean();
        ListenerTls.Source source = random.nextInt(3) > 0
                ? certificateSource()
                : new ListenerTls.Source.Internal(pick(List.of(), List.of("a.test", "*.b.test", "::1")));
        return new ListenerTls(
                isTerminating ? List.of(new ListenerTls.Certificate(source, random.nextBoolean())) : List.of(),
                pick(ListenerTls.Profile.values()),
                pick(ListenerTls.SniHost.values()),
                random.nextBoolean() ? Optional.empty() : Optional.of(hsts()),
                duration(0, 3600),
                passed,
                isTerminating ? clientAuthRules() : ClientAuthRules.NONE,
                provider());
    }

    private static ClientAuthRules withoutForward(ClientAuthRules rules) {
        return new ClientAuthRules(rules.usual(), List.of(), List.of());
    }

    private ClientAuthRules clientAuthRules() {
        ClientAuth usual = clientAuth();
        List<ClientAuthRules.Named> names = random.nextBoolean()
                ? List.of()
                : List.of(
                        new ClientAuthRules.Named(new HostPattern("a.example.com"), clientAuth()),
                        new ClientAuthRules.Named(new HostPattern("*.example.com"), clientAuth()));
        boolean asks = new ClientAuthRules(usual, names, List.of()).asksAnybody();
        List<ClientAuthRules.Forward> forwards = new ArrayList<>(List.of(ClientAuthRules.Forward.values()));
        forwards.removeIf(forward -> !asks || random.nextBoolean());
        return new ClientAuthRules(usual, names, forwards);
    }

    private ClientAuth clientAuth() {
        return switch (pick(ClientAuth.Mode.values())) {
            case OFF -> ClientAuth.OFF;
            case REQUEST -> new ClientAuth(ClientAuth.Mode.REQUEST, Optional.empty(), Optional.empty());
            case OPTIONAL -> new ClientAuth(ClientAuth.Mode.OPTIONAL, Optional.of("/etc/a b/ca.pem"), Optional.empty());
            case REQUIRE -> new ClientAuth(ClientAuth.Mode.REQUIRE, Optional.of("ca.pem"), Optional.of("list.crl"));
        };
    }

    private Hsts hsts() {
        return pick(
                new Hsts(0, false, false),
                new Hsts(1, true, false),
                new Hsts(86_400, false, false),
                new Hsts(31_536_000, true, true));
    }

    private ListenerTls.Source certificateSource() {
        // The effective configuration masks secrets, so only the mask itself comes back as it was.
        Secret masked = new Secret(Secret.MASK);
        return pick(
                new ListenerTls.Source.Pem("/etc/a b/chain.pem", "key.pem", Optional.of(masked)),
                new ListenerTls.Source.Pem("both.pem", "both.pem", Optional.empty()),
                new ListenerTls.Source.Store("store.p12", masked, Optional.of("shop")),
                new ListenerTls.Source.Store("./s.p12", masked, Optional.empty()));
    }

    private UpstreamTls upstreamTls(UpstreamConfig.Protocol protocol) {
        UpstreamTls.Verify verify = pick(UpstreamTls.Verify.values());
        boolean hasCa = verify != UpstreamTls.Verify.OFF && random.nextBoolean();
        return new UpstreamTls(
                verify,
                hasCa ? Optional.of("/etc/a b/ca.pem") : Optional.empty(),
                Optional.of(pick("origin.example.com", "192.0.2.1", "2001:db8::1")), // A socket has no name of its own.
                random.nextBoolean() ? Optional.empty() : Optional.of(certificateSource()),
                pick(ListenerTls.Profile.values()),
                alpn(protocol),
                duration(0, 3600),
                provider());
    }

    private Optional<String> provider() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(pick("SunJSSE", "Conscrypt"));
    }

    private Optional<List<String>> alpn(UpstreamConfig.Protocol protocol) {
        return switch (protocol) {
            case HTTP_1_1 -> pick(Optional.empty(), Optional.of(List.of()), Optional.of(List.of("http/1.1")));
            case H2 -> pick(Optional.empty(), Optional.of(List.of("h2")));
            case AUTO ->
                pick(Optional.empty(), Optional.of(List.of("h2", "http/1.1")), Optional.of(List.of("http/1.1", "h2")));
        };
    }

    private UpstreamHttp2 upstreamHttp2() {
        int connectionWindow = count(1 << 16, 1 << 28);
        return new UpstreamHttp2(
                count(1, 10_000),
                count(1 << 10, Math.min(connectionWindow, 1 << 24)),
                connectionWindow,
                count(16 << 10, 128 << 10),
                count(0, 64 << 10),
                count(0, 64 << 10),
                count(0, 1024),
                duration(0, 3600),
                duration(1, 300),
                duration(1, 300),
                duration(1, 3600),
                http2Abuse());
    }

    private UpstreamConfig upstream(String name) {
        UpstreamConfig.Protocol protocol = pick(UpstreamConfig.Protocol.values());
        boolean isSecure = random.nextBoolean();
        boolean hasProxyProtocol = protocol == UpstreamConfig.Protocol.HTTP_1_1 && random.nextBoolean();
        long poolIdleNs = duration(0, 86400);
        List<UpstreamConfig.EndpointConfig> endpoints = new ArrayList<>();
        for (int i = count(1, 3); i > 0; i--) {
            Address address = pick(
                    new Address.Tcp("10.0.0." + i, 80),
                    new Address.Tcp("fd00::" + i, 443),
                    new Address.Tcp("node-" + i + ".example.com", 65535),
                    new Address.Tcp("node-" + i + ".example.net", 80, true),
                    new Address.Unix("/run/" + i));
            endpoints.add(new UpstreamConfig.EndpointConfig(
                    address,
                    count(1, 256),
                    random.nextBoolean(),
                    Optional.of(pick("here", "there")),
                    pick(LABELS, Map.<String, String>of()),
                    pick(OptionalInt.empty(), OptionalInt.of(count(1, 1_000_000))),
                    pick(OptionalInt.empty(), OptionalInt.of(count(1, 1_000_000)))));
        }
        return new UpstreamConfig(
                name,
                endpoints,
                List.of(),
                protocol,
                balance(),
                pick(
                        new UpstreamConfig.HostPolicy.Preserve(),
                        new UpstreamConfig.HostPolicy.Endpoint(),
                        new UpstreamConfig.HostPolicy.Fixed("a.example.com:8443")),
                new UpstreamConfig.RetryConfig(
                        count(1, 10),
                        pick(0L, 250 * SECOND / 1000, SECOND),
                        count(0, 100),
                        count(0, 1 << 18),
                        retryOn(),
                        random.nextBoolean(),
                        new UpstreamConfig.RetryBackoff(duration(0, 10), duration(10, 60)),
                        duration(0, 60),
                        random.nextBoolean(),
                        random.nextBoolean() ? Optional.empty() : Optional.of(replayFile()),
                        new UpstreamConfig.RetryDropped(count(0, 1 << 20), duration(0, 60)),
                        pick(0L, SECOND / 10)),
                new UpstreamConfig.UpstreamTimeouts(
                        duration(1, 300),
                        duration(1, 300),
                        duration(1, 86400),
                        duration(1, 86400),
                        poolIdleNs,
                        duration(1, 3600)),
                pool(!hasProxyProtocol && poolIdleNs > 0),
                new BreakerConfig(limit(1), limit(0), limit(1), limit(0), trip()),
                concurrency(),
                new UpstreamConfig.UpstreamLimits(count(256, 131072), count(1, 1000), count(0, 65536), count(0, 100)),
                upstreamHttp2(),
                new UpstreamConfig.DnsConfig(
                        pick(0L, duration(1, 300)),
                        duration(1, 60),
                        pick(UpstreamConfig.DnsConfig.Family.values()),
                        random.nextBoolean(),
                        duration(1, 10)),
                new UpstreamConfig.DiscoveryConfig(duration(0, 3600), count(1, 8192)),
                spread(endpoints),
                ejection(),
                random.nextBoolean() ? Optional.empty() : Optional.of(health(endpoints, isSecure)),
                isSecure ? Optional.of(upstreamTls(protocol)) : Optional.empty(),
                hasProxyProtocol ? Optional.of(pick(UpstreamConfig.ProxyProtocol.values())) : Optional.empty());
    }

    private UpstreamConfig.PoolConfig pool(boolean mayBeAhead) {
        int connections = count(1, 1_000_000);
        boolean isAhead = mayBeAhead && random.nextBoolean();
        return new UpstreamConfig.PoolConfig(
                count(isAhead ? 1 : 0, 65535),
                duration(1, 3600),
                count(0, 100),
                isAhead ? count(0, Math.min(connections, 4096)) : 0,
                connections,
                limit(1));
    }

    private Optional<TripConfig> trip() {
        long openNs = duration(1, 60);
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new TripConfig(
                        count(1, 100),
                        count(0, 100),
                        duration(1, 60),
                        duration(1, 60),
                        count(1, 1_000_000),
                        openNs,
                        openNs + duration(0, 60),
                        count(0, 100),
                        count(1, 1000),
                        duration(1, 60),
                        duration(0, 60),
                        count(1, 100)));
    }

    private Optional<ConcurrencyConfig> concurrency() {
        int initial = count(1, 1_000_000);
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new ConcurrencyConfig(
                        initial,
                        count(1, initial),
                        count(initial, 1_000_000),
                        count(0, 1000),
                        duration(1, 60),
                        duration(1, 3600)));
    }

    private int limit(int min) {
        return random.nextBoolean() ? BreakerConfig.UNLIMITED : count(min, 1_000_000);
    }

    private BalanceConfig balance() {
        BalanceConfig.Choice choice = random.nextBoolean() ? pick(BalanceConfig.Policy.values()) : hash();
        boolean mayStickByHeader = choice instanceof BalanceConfig.Policy;
        return new BalanceConfig(
                choice,
                pick(
                        Optional.empty(),
                        Optional.of(stickyCookie()),
                        mayStickByHeader
                                ? Optional.of(new BalanceConfig.Sticky.Header("x-session"))
                                : Optional.empty()));
    }

    private BalanceConfig.Choice hash() {
        BalanceConfig.Key key = pick(
                BalanceConfig.Key.CLIENT,
                new BalanceConfig.Key(BalanceConfig.Key.Part.HEADER, "x-user"),
                new BalanceConfig.Key(BalanceConfig.Key.Part.COOKIE, "SID"),
                new BalanceConfig.Key(BalanceConfig.Key.Part.QUERY, "user:id"),
                new BalanceConfig.Key(BalanceConfig.Key.Part.PATH, ""),
                new BalanceConfig.Key(BalanceConfig.Key.Part.HOST, ""));
        return pick(
                BalanceConfig.Hash.IP_HASH,
                new BalanceConfig.Hash(
                        key,
                        pick(BalanceConfig.Algorithm.values()),
                        pick(0, 100, 125, 10_000),
                        count(1, 128),
                        pick(Optional.empty(), Optional.of(new Secret(Secret.MASK)))));
    }

    private BalanceConfig.Sticky stickyCookie() {
        BalanceConfig.SameSite sameSite = pick(BalanceConfig.SameSite.values());
        boolean mustBeSecure = sameSite == BalanceConfig.SameSite.NONE;
        return new BalanceConfig.Sticky.Cookie(
                pick("route", "__Host"),
                pick(0L, SECOND, 86_400 * SECOND),
                sameSite,
                mustBeSecure ? BalanceConfig.Secure.AUTO : pick(BalanceConfig.Secure.values()),
                random.nextBoolean(),
                pick("/", "/shop"),
                pick(Optional.empty(), Optional.of(new Secret(Secret.MASK))));
    }

    private SpreadConfig spread(List<UpstreamConfig.EndpointConfig> endpoints) {
        int below = count(0, 100);
        int panic = count(0, 100);
        return new SpreadConfig(
                new SpreadConfig.SlowStart(duration(0, 3600), count(1, 100), count(1, 100) / 10.0),
                new SpreadConfig.Backup(below, count(below, 100)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new SpreadConfig.Zone(
                                endpoints.getFirst().zone().orElseThrow(), count(0, 100))),
                new SpreadConfig.Panic(panic, count(panic, 100), pick(SpreadConfig.PanicAction.values())));
    }

    private EjectionConfig ejection() {
        long timeNs = duration(1, 3600);
        return new EjectionConfig(
                count(0, 100),
                count(0, 100),
                count(0, 100),
                random.nextBoolean(),
                timeNs,
                timeNs + duration(0, 3600),
                duration(1, 3600),
                count(0, 100),
                count(0, 100),
                pick(EjectionConfig.Returning.values()),
                random.nextBoolean() ? Optional.empty() : Optional.of(outlier()),
                random.nextBoolean() ? Optional.empty() : Optional.of(outlier()));
    }

    private EjectionConfig.Outlier outlier() {
        return new EjectionConfig.Outlier(
                duration(1, 3600), count(0, 1000) / 10.0, count(0, 100), count(3, 1024), count(1, 1_000_000));
    }

    private HealthConfig health(List<UpstreamConfig.EndpointConfig> endpoints, boolean isSecure) {
        boolean hasPorts = endpoints.stream().noneMatch(each -> each.address() instanceof Address.Unix);
        long intervalNs = duration(1, 3600);
        return new HealthConfig(
                HealthConfig.CheckType.HTTP,
                new HealthConfig.HttpCheck(
                        pick("GET", "OPTIONS"),
                        pick("/", "/health?deep=1"),
                        random.nextBoolean() ? List.of() : List.of(new RouteConfig.HeaderLine("x-check", "1")),
                        pick(
                                List.of(new HealthConfig.StatusRange(200, 299)),
                                List.of(
                                        new HealthConfig.StatusRange(204, 204),
                                        new HealthConfig.StatusRange(300, 499))),
                        pick(Optional.<String>empty(), Optional.of("ok ${x}")),
                        count(1, 1 << 20)),
                "",
                pick(Optional.<String>empty(), Optional.of("check.example.com")),
                new HealthConfig.Pace(
                        intervalNs, Math.min(intervalNs, SECOND), duration(1, 3600), count(0, 100), duration(1, 300)),
                count(1, 100),
                count(1, 100),
                pick(HealthConfig.Start.values()),
                hasPorts && random.nextBoolean() ? OptionalInt.of(count(1, 65535)) : OptionalInt.empty(),
                isSecure && random.nextBoolean());
    }

    private RouteAction to(List<UpstreamConfig> upstreams) {
        UpstreamConfig upstream = upstreams.get(random.nextInt(upstreams.size()));
        Map<String, String> labels = upstream.endpoints().getFirst().labels();
        return new RouteAction.To(upstream.name(), pick(labels, Map.of()));
    }

    private RouteConfig route(String name, Map<String, UpstreamConfig> upstreams) {
        RouteAction action = upstreams.isEmpty() || random.nextInt(3) == 0
                ? pick(respond(), redirect())
                : to(List.copyOf(upstreams.values()));
        return new RouteConfig(
                name,
                new RouteConfig.RouteMatch(
                        some(new HostPattern("a.com"), new HostPattern("*.b.com"), new HostPattern("[::1]")),
                        some(new PathPattern("/"), new PathPattern("/**"), new PathPattern("/a%20b/*/c")),
                        random.nextInt(3) > 0 ? Optional.empty() : Optional.of(certificateMatch())),
                action,
                new RouteConfig.HeaderRules(edits(), edits()),
                new RouteConfig.RouteLimits(optional(pick(0L, 1L << 20, ListenerLimits.UNLIMITED))),
                new RouteConfig.RouteTimeouts(
                        optional(duration(1, 3600)), optional(duration(1, 3600)), optional(duration(1, 3600))),
                new RouteConfig.RouteRetry(
                        random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(count(1, 10)),
                        optional(pick(0L, SECOND)),
                        random.nextBoolean() ? Optional.empty() : Optional.of(retryOn()),
                        random.nextBoolean() ? Optional.empty() : Optional.of(random.nextBoolean()),
                        optional(pick(0L, SECOND / 10))),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(webSocket()),
                random.nextBoolean(),
                action instanceof RouteAction.To to && random.nextBoolean()
                        ? Optional.of(fallback(to, upstreams))
                        : Optional.empty());
    }

    private RouteConfig.RouteFallback fallback(RouteAction.To taken, Map<String, UpstreamConfig> upstreams) {
        RouteAction other = random.nextBoolean() ? respond() : to(List.copyOf(upstreams.values()));
        List<FallbackOn> on = new ArrayList<>(FallbackOn.USUAL);
        retryOn().stream()
                .filter(FallbackOn.class::isInstance)
                .map(FallbackOn.class::cast)
                .forEach(on::add);
        return new RouteConfig.RouteFallback(
                other.equals(taken) ? (RouteConfig.FallbackAction) respond() : (RouteConfig.FallbackAction) other, on);
    }

    private UpstreamConfig.ReplayFile replayFile() {
        return new UpstreamConfig.ReplayFile(
                pick(64L << 10, 1L << 20),
                random.nextBoolean() ? Optional.empty() : Optional.of("/var/tmp"),
                duration(1, 60));
    }

    private List<RetryOn> retryOn() {
        int first = count(400, 599);
        return some(
                RetryOn.Failing.CONNECT,
                RetryOn.Failing.REFUSED_STREAM,
                new RetryOn.Status(new HealthConfig.StatusRange(first, count(first, 599))),
                new RetryOn.GrpcStatus(count(1, 16)));
    }

    private RouteConfig.RouteWebSocket webSocket() {
        return new RouteConfig.RouteWebSocket(
                duration(1, 24 * 3600),
                pick(0L, SECOND, 720 * 3600 * SECOND),
                random.nextBoolean(),
                duration(1, 3600),
                count(0, 64 << 10));
    }

    private CertificateMatch certificateMatch() {
        if (random.nextInt(4) == 0) return new CertificateMatch(false, List.of(), List.of(), List.of(), List.of());
        return new CertificateMatch(
                true,
                some("CN=billing,O=Example"),
                some(new HostPattern("a.com"), new HostPattern("*.b.com")),
                some("spiffe://example.com/*", "urn:x"),
                some("0123456789abcdef".repeat(4)));
    }

    private RouteAction respond() {
        String body = pick(
                "",
                "plain",
                "two\nlines\n",
                "${NOT_A_VARIABLE}",
                "$${",
                "\u2028 \u00e4 \ud83d\ude00 \u0007",
                "- a: b",
                " x ");
        return new RouteAction.Respond(count(400, 599), body, pick("text/plain", "a/b; c=\"d\""), lines());
    }

    private RouteAction redirect() {
        Optional<String> none = Optional.empty();
        return pick(
                new RouteAction.Redirect(308, Optional.of("https://a.com/b?c=d#e"), none, none, none, none, none, true),
                new RouteAction.Redirect(
                        301,
                        none,
                        Optional.of("https"),
                        Optional.of("a.com:8443"),
                        Optional.of("/x"),
                        none,
                        none,
                        false),
                new RouteAction.Redirect(
                        307, none, none, none, none, Optional.of("/old"), Optional.of("/new/a"), random.nextBoolean()));
    }

    private HeaderEdits edits() {
        return new HeaderEdits(
                some("x-a", "server"), some(new HeaderLine("x-b", "1"), new HeaderLine("x-c", "")), lines());
    }

    /** Lines of one name stand together, as a mapping keeps them. */
    private List<HeaderLine> lines() {
        return some(
                new HeaderLine("a", "true"),
                new HeaderLine("a", "\"q\" \u00e4"),
                new HeaderLine("b", "null"),
                new HeaderLine("c", "1e3"));
    }

    private OptionalLong optional(long value) {
        return random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private long duration(int minSeconds, int maxSeconds) {
        return pick(minSeconds * SECOND, maxSeconds * SECOND, count(minSeconds, maxSeconds) * SECOND);
    }

    private int count(int min, int max) {
        return random.nextInt(min, max + 1);
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }

    @SafeVarargs
    private <T> List<T> some(T... values) {
        List<T> taken = new ArrayList<>();
        for (T value : values) {
            if (random.nextBoolean()) taken.add(value);
        }
        return taken;
    }
}
