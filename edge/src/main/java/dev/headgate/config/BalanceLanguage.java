package dev.headgate.config;

import dev.headgate.config.BalanceConfig.Algorithm;
import dev.headgate.config.BalanceConfig.Choice;
import dev.headgate.config.BalanceConfig.Hash;
import dev.headgate.config.BalanceConfig.Key.Part;
import dev.headgate.config.BalanceConfig.Policy;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.MappedSpec;
import dev.headgate.config.spec.Nearest;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Schemas;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an attempt chooses its endpoint: a word, or a mapping where there is more to say. */
final class BalanceLanguage {
    private static final int LOAD_MIN = 100;
    private static final int LOAD_MAX = 10_000;
    private static final int IPV6_BITS = 128;
    private static final String HASH = "hash";
    private static final String KEY_EXPECTED = "client, header:NAME, cookie:NAME, query:NAME, path or host";

    static final ObjectSpec<Draft> KEYS = keys();
    static final Spec<Choice> BALANCE = orWord();

    private BalanceLanguage() {}

    /** The mapping as it is written. */
    record Draft(
            Word policy,
            BalanceConfig.@Nullable Key key,
            Algorithm algorithm,
            int loadPercent,
            int ipv6Prefix,
            @Nullable Secret seed) {
        static Draft of(Choice choice) {
            return switch (choice) {
                case Policy policy ->
                    new Draft(Word.of(policy), null, Algorithm.MAGLEV, 0, Hash.IPV6_PREFIX_USUAL, null);
                case Hash hash ->
                    new Draft(
                            Word.HASH,
                            hash.key(),
                            hash.algorithm(),
                            hash.loadPercent(),
                            hash.ipv6Prefix(),
                            hash.seed().orElse(null));
            };
        }

        Choice toChoice() {
            Policy plain = policy.plain;
            BalanceConfig.Key by = key == null ? BalanceConfig.Key.CLIENT : key;
            return plain != null ? plain : new Hash(by, algorithm, loadPercent, ipv6Prefix, Optional.ofNullable(seed));
        }
    }

    /** What the mapping may call a policy. */
    enum Word {
        P2C(Policy.P2C),
        P2C_EWMA(Policy.P2C_EWMA),
        LEAST_REQUESTS(Policy.LEAST_REQUESTS),
        ROUND_ROBIN(Policy.ROUND_ROBIN),
        RANDOM(Policy.RANDOM),
        IP_HASH(null),
        HASH(null);

        private final @Nullable Policy plain;

        Word(@Nullable Policy plain) {
            this.plain = plain;
        }

        static Word of(Policy policy) {
            return valueOf(policy.name());
        }

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static Spec<Choice> orWord() {
        Map<String, Choice> words = new LinkedHashMap<>();
        for (Word word : Word.values()) {
            Policy plain = word.plain;
            if (plain != null) words.put(word.text(), plain);
        }
        words.put(Word.IP_HASH.text(), Hash.IP_HASH);
        ScalarSpec<Choice> known = Scalars.words(words);
        ScalarSpec.Notation<Choice> notation = new ScalarSpec.Notation<>() {
            @Override
            public Choice parse(ScalarSpec.Value value) throws Refused {
                if (!value.text().equals(HASH)) return known.notation().parse(value);
                throw Refused.badValue("hash needs a key", "write {policy: hash, key: client}");
            }

            @Override
            public Object write(Choice choice) {
                return known.notation().write(choice);
            }
        };
        return new ShorthandSpec<>(
                new ScalarSpec<>(known.typeName(), known.expected(), known.range(), notation, known.schema()),
                new MappedSpec<>(KEYS, Draft::toChoice, Draft::of),
                choice -> choice instanceof Policy || choice.equals(Hash.IP_HASH));
    }

    private static ObjectSpec<Draft> keys() {
        var spec = ObjectSpec.<Draft>named(
                "upstream.balance", "How an attempt chooses its endpoint, where a word does not say all.");
        Map<String, Word> words = new LinkedHashMap<>();
        for (Word word : Word.values()) words.put(word.text(), word);
        var policy = spec.required(
                "policy",
                Scalars.words(words),
                "hash picks by key, and ip-hash by the client's address; for the other words there is nothing more to say.");
        var key = spec.optional(
                "key",
                key(),
                "What hash picks by: client is the client's address as far as trusted proxies tell it, path the canonical path without the"
                        + " query, host the host without its port. A request that has none goes to the less busy of two that chance picked.");
        var algorithm = spec.withDefault(
                "algorithm",
                Scalars.words(Words.of("maglev", Algorithm.MAGLEV, "rendezvous", Algorithm.RENDEZVOUS)),
                Algorithm.MAGLEV,
                "maglev shares out keys most evenly; rendezvous moves no key but those it has to when endpoints come and go, and beyond"
                        + " eight of them remembers who wins in 2 MiB.");
        var loadFactor = spec.withDefault(
                "loadFactor",
                loadFactor(),
                0,
                "How much an endpoint may have under way, compared with its share by weight; what is above goes to the next in the key's"
                        + " own order.");
        var ipv6Prefix = spec.withDefault(
                "ipv6Prefix",
                Scalars.count(1, IPV6_BITS),
                Hash.IPV6_PREFIX_USUAL,
                "Bits of an IPv6 address that count, for key client: a client often has many addresses in one /64.");
        var seed = spec.optional(
                "seed",
                secret(1),
                "Decides which keys meet on an endpoint. Proxies with the same seed agree; without it that is the upstream's name.");
        return spec.build(new Shape<>() {
            @Override
            public Draft make(Values<Draft> values) {
                return new Draft(
                        values.get(policy),
                        values.find(key),
                        values.get(algorithm),
                        values.get(loadFactor),
                        values.get(ipv6Prefix),
                        values.find(seed));
            }

            @Override
            public void split(Draft draft, Values<Draft> values) {
                values.put(policy, draft.policy());
                values.put(key, draft.key());
                values.put(algorithm, draft.algorithm());
                values.put(loadFactor, draft.loadPercent());
                values.put(ipv6Prefix, draft.ipv6Prefix());
                values.put(seed, draft.seed());
            }

            @Override
            public void check(Draft draft, Place place) {
                checkKeys(draft, place);
            }
        });
    }

    private static void checkKeys(Draft draft, Place place) {
        if (draft.policy() == Word.HASH && draft.key() == null) {
            place.report(place.problem(ProblemCode.MISSING_KEY, "hash needs a key")
                    .expected("key: " + KEY_EXPECTED)
                    .suggest("write key: client"));
        }
        if (draft.policy() == Word.IP_HASH && place.has("key")) {
            place.report(Problem.at(
                            place.markOfKey("key"),
                            ProblemCode.CONFLICTING_KEYS,
                            "ip-hash picks by the client's address")
                    .found("key")
                    .expected("policy: hash with a key, or no key")
                    .suggest("write policy: hash"));
        }
        if (draft.policy().plain != null) {
            for (String each : List.of("key", "algorithm", "loadFactor", "ipv6Prefix", "seed")) {
                if (!place.has(each)) continue;
                place.report(Problem.at(
                                place.markOfKey(each), ProblemCode.CONFLICTING_KEYS, each + " is for hash and ip-hash")
                        .found("policy: " + draft.policy().text())
                        .expected("policy: hash or ip-hash, or no " + each)
                        .suggest("write policy: hash"));
            }
        } else if (place.has("ipv6Prefix") && draft.key() != null && draft.key().part() != Part.CLIENT) {
            place.report(Problem.at(
                            place.markOfKey("ipv6Prefix"),
                            ProblemCode.WITHOUT_EFFECT,
                            "ipv6Prefix is for key: client, and this one has no address")
                    .found("ipv6Prefix"));
        }
    }

    private static ScalarSpec<Integer> loadFactor() {
        return Scalars.percent(LOAD_MIN, LOAD_MAX, "125%").orWord("off", 0);
    }

    /** A word of so many characters at least, which is shown nowhere. */
    static ScalarSpec<Secret> secret(int lengthMin) {
        return new ScalarSpec<>(
                "secret",
                "a word of at least " + lengthMin + (lengthMin == 1 ? " character" : " characters") + ", shown nowhere",
                "",
                new ScalarSpec.Notation<>() {
                    @Override
                    public Secret parse(ScalarSpec.Value value) throws Refused {
                        if (value.text().length() < lengthMin) throw Refused.badValue("the secret is too short");
                        return new Secret(value.text());
                    }

                    @Override
                    public Object write(Secret value) {
                        return Secret.MASK;
                    }
                },
                Schemas.typed("string", "pattern", "^.{" + lengthMin + ",}$"));
    }

    private static ScalarSpec<BalanceConfig.Key> key() {
        return new ScalarSpec<>(
                "part of a request",
                KEY_EXPECTED,
                "",
                new ScalarSpec.Notation<>() {
                    @Override
                    public BalanceConfig.Key parse(ScalarSpec.Value value) throws Refused {
                        return parseKey(value.text());
                    }

                    @Override
                    public Object write(BalanceConfig.Key key) {
                        return word(key.part()) + (key.name().isEmpty() ? "" : ":" + key.name());
                    }
                },
                Schemas.typed("string", "pattern", "^(client|path|host|(header|cookie|query):.+)$"));
    }

    private static String word(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private static boolean isNamed(Part part) {
        return part == Part.HEADER || part == Part.COOKIE || part == Part.QUERY;
    }

    private static BalanceConfig.Key parseKey(String text) throws Refused {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        String name = colon < 0 ? "" : text.substring(colon + 1);
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Part part : Part.values()) parts.put(word(part), part);
        Part part = parts.get(word);
        if (part == null) {
            throw new Refused(
                    ProblemCode.UNKNOWN_WORD,
                    "a request has no such part",
                    "",
                    Nearest.suggestion(word, parts.keySet()));
        }
        if (isNamed(part) == name.isEmpty() || !isNamed(part) && colon >= 0) {
            String better = isNamed(part) ? "write " + word + ":NAME with its name" : "write " + word;
            throw Refused.badValue(isNamed(part) ? "which " + word + " is not said" : word + " has no name", better);
        }
        return new BalanceConfig.Key(part, nameOf(part, name));
    }

    private static String nameOf(Part part, String name) throws Refused {
        return switch (part) {
            case HEADER -> keyField(name);
            case COOKIE -> cookieName(name);
            case QUERY -> parameter(name);
            case CLIENT, PATH, HOST -> "";
        };
    }

    /** The name of a field that clients send for a purpose of their own, in lower case. */
    static String keyField(String text) throws Refused {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.equals("host"))
            throw Refused.badValue("the host has a word of its own", "write {policy: hash, key: host} for balance");
        if (name.equals("cookie"))
            throw Refused.badValue("cookies have names", "write {policy: hash, key: cookie:NAME} for balance");
        return Fields.checkName(name);
    }

    /** The name of a cookie (RFC 6265 §4.1.1). */
    static String cookieName(String text) throws Refused {
        if (text.length() > 64 || !Fields.isToken(text)) throw Refused.badValue("not the name of a cookie");
        return text;
    }

    private static String parameter(String text) throws Refused {
        boolean isFine = text.length() <= 64 && text.chars().allMatch(c -> c > ' ' && c < 0x7f && "&=#".indexOf(c) < 0);
        if (!isFine) throw Refused.badValue("not the name of a parameter as it stands in a query");
        return text;
    }
}
