package dev.headgate.config;

import dev.headgate.config.ResolverConfig.BySystem;
import dev.headgate.config.ResolverConfig.Servers;
import dev.headgate.config.ResolverConfig.Source;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.MappedSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.List;

/** The keys of {@code dns}: who says what stands behind names. */
final class ResolverLanguage {
    private static final int SERVERS_MAX = 8;
    private static final int ATTEMPTS_MAX = 10;
    private static final int ANSWERS_MAX = 1024;
    private static final int QUERIES_MAX = 4096;
    private static final int LOOK_UPS_MAX = 100_000;
    private static final String NO_FILE = "";

    private static final ObjectSpec<Ttl> TTL = ttl();
    static final ObjectSpec<ResolverConfig> RESOLVER = resolver();

    private ResolverLanguage() {}

    /** @param absenceNs as it is written, or the default, which may be outside of both */
    private record Ttl(long minNs, long maxNs, long absenceNs) {
        long within(long ns) {
            return Math.max(minNs, Math.min(ns, maxNs));
        }
    }

    private static ObjectSpec<ResolverConfig> resolver() {
        var spec = ObjectSpec.<ResolverConfig>named(
                "dns",
                "Who says what stands behind the names of endpoints. How often they are asked, each upstream says.");
        var source = spec.withDefault(
                "servers",
                source(),
                BySystem.FILE,
                "Whom to ask: auto is the servers of /etc/resolv.conf, with its search, domain and options, and read again when"
                        + " it changes; or system, the resolver of the system by way of the JDK, which tells no times and no"
                        + " services; or up to 8 addresses, with port 53 unless one is given, and then names are taken as they"
                        + " stand. Where there is no /etc/resolv.conf, auto means system.");
        var hosts = spec.withDefault(
                "hosts",
                Scalars.text("file", "the absolute path of a file", ResolverLanguage::checkFile)
                        .orWord("off", NO_FILE),
                "/etc/hosts",
                "A file with names that nobody needs to be asked for, read again when it changes. Not with servers: system, which has its"
                        + " own.");
        var timeout = spec.withDefault(
                "timeout",
                Durations.between(10 * Durations.MILLISECOND, Durations.MINUTE).orWord("auto", 0L),
                0L,
                "How long a server may take for one answer; auto is what /etc/resolv.conf says, and else 2s. Not with servers: system.");
        var attempts = spec.withDefault(
                "attempts",
                Scalars.count(1, ATTEMPTS_MAX).orWord("auto", 0),
                0,
                "How often servers are asked that do not answer; auto is what /etc/resolv.conf says, and else 2. Not with servers:"
                        + " system.");
        var ttl = spec.withDefault("ttl", TTL, TTL.defaults(), "How long answers hold, whatever they say.");
        var answers = spec.withDefault(
                "answers",
                Scalars.count(1, ANSWERS_MAX),
                64,
                "Most addresses of one name, or places of a service, that are used. Of more, those that are in use stay, and others"
                        + " follow in the order of addresses.");
        var queries = spec.withDefault(
                "queries",
                Scalars.count(1, QUERIES_MAX),
                64,
                "Questions under way at a time, each with a socket of its own. The others wait. Not with servers: system.");
        var lookUps = spec.withDefault(
                "lookUps",
                Scalars.count(1, LOOK_UPS_MAX),
                1024,
                "Look-ups under way or waiting at a time. A further one fails, and is tried again.");
        return spec.build(new Shape<>() {
            @Override
            public ResolverConfig make(Values<ResolverConfig> values) {
                return new ResolverConfig(
                        values.get(source),
                        values.get(hosts),
                        values.get(timeout),
                        values.get(attempts),
                        values.get(ttl).minNs(),
                        values.get(ttl).maxNs(),
                        values.get(ttl).within(values.get(ttl).absenceNs()),
                        values.get(answers),
                        values.get(queries),
                        values.get(lookUps));
            }

            @Override
            public void split(ResolverConfig config, Values<ResolverConfig> values) {
                values.put(source, config.source());
                values.put(hosts, config.hosts());
                values.put(timeout, config.timeoutNs());
                values.put(attempts, config.attempts());
                values.put(ttl, ttlOf(config));
                values.put(answers, config.answers());
                values.put(queries, config.queries());
                values.put(lookUps, config.lookUps());
            }

            @Override
            public void check(ResolverConfig config, Place place) {
                if (config.source() != BySystem.JDK) return;
                ResolverConfig defaults = RESOLVER.defaults();
                checkOwn("hosts", config.hosts().equals(defaults.hosts()), place);
                checkOwn("timeout", config.timeoutNs() == defaults.timeoutNs(), place);
                checkOwn("attempts", config.attempts() == defaults.attempts(), place);
                checkOwn("queries", config.queries() == defaults.queries(), place);
                long absenceNs = ttlOf(config).within(defaults.ttlAbsenceNs());
                checkOwn("absence", config.ttlAbsenceNs() == absenceNs, place.at("ttl"));
            }
        });
    }

    private static Ttl ttlOf(ResolverConfig config) {
        return new Ttl(config.ttlMinNs(), config.ttlMaxNs(), config.ttlAbsenceNs());
    }

    /** What the client of our own alone goes by; that it is left as it is may be written. */
    private static void checkOwn(String key, boolean isDefault, Place place) {
        if (isDefault) return;
        Place at = place.at(key);
        at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "the system goes by its own " + key)
                .found(key + " and servers: system")
                .expected("other servers, or no " + key));
    }

    private static Spec<Source> source() {
        ScalarSpec<Source> word = Scalars.words(Words.of("auto", BySystem.FILE, "system", BySystem.JDK));
        ListSpec<Address.Tcp> list = new ListSpec<>(HttpScalars.serverAddress(), 1, SERVERS_MAX)
                .distinctBy("address", Address.Tcp::toString);
        Spec<Source> servers = new MappedSpec<>(
                list,
                Servers::new,
                source -> source instanceof Servers(List<Address.Tcp> addresses) ? addresses : List.of());
        return new ShorthandSpec<>(word, servers, source -> source instanceof BySystem);
    }

    private static String checkFile(ScalarSpec.Value value) throws Refused {
        String path = value.text();
        if (path.indexOf('\0') >= 0 || path.endsWith("/")) throw Refused.badValue("not a file");
        if (!path.startsWith("/")) throw Refused.badValue("the path is not absolute");
        return path;
    }

    private static ObjectSpec<Ttl> ttl() {
        var spec = ObjectSpec.<Ttl>named("dns.ttl", "How long answers hold, whatever they say.");
        var min = spec.withDefault(
                "min",
                Durations.between(Durations.SECOND, Durations.HOUR),
                Durations.SECOND,
                "At least: an answer that holds for no time at all is good for one use, and that would be each request.");
        var max = spec.withDefault(
                "max",
                Durations.between(Durations.SECOND, 24 * Durations.HOUR),
                300 * Durations.SECOND,
                "At most: a wrong or forged answer is forgotten then.");
        var absence = spec.withDefault(
                "absence",
                Durations.between(Durations.SECOND, 24 * Durations.HOUR),
                30 * Durations.SECOND,
                "At most, for answers that there is nothing: a name that comes to be is found then. From min to max. Not with"
                        + " servers: system, which does not tell.");
        return spec.build(new Shape<>() {
            @Override
            public Ttl make(Values<Ttl> values) {
                return new Ttl(values.get(min), values.get(max), values.get(absence));
            }

            @Override
            public void split(Ttl ttl, Values<Ttl> values) {
                values.put(min, ttl.minNs());
                values.put(max, ttl.maxNs());
                values.put(absence, ttl.absenceNs());
            }

            @Override
            public void check(Ttl ttl, Place place) {
                String bounds = "min " + Durations.format(ttl.minNs()) + ", max " + Durations.format(ttl.maxNs());
                if (ttl.minNs() > ttl.maxNs()) {
                    Place at = place.at(place.has("min") ? "min" : "max");
                    at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "min is longer than max")
                            .found(bounds)
                            .expected("min at most max"));
                } else if (place.has("absence") && ttl.within(ttl.absenceNs()) != ttl.absenceNs()) {
                    Place at = place.at("absence");
                    at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "absence is not within min and max")
                            .found("absence " + Durations.format(ttl.absenceNs()) + ", " + bounds)
                            .expected("absence at least min and at most max"));
                }
            }
        });
    }
}
