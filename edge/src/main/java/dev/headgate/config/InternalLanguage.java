package dev.headgate.config;

import dev.headgate.config.TlsLanguage.Draft;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Spec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a certificate of the proxy's own is asked for. */
final class InternalLanguage {
    private static final String WORD = "internal";
    private static final String WILDCARD = "*.";
    private static final int NAMES_MAX = 64;

    /** What the certificate is for beside the machine itself. */
    static final ListSpec<String> NAMES = new ListSpec<>(name(), 0, NAMES_MAX).distinctBy("name", name -> name);

    private InternalLanguage() {}

    private static ScalarSpec<String> name() {
        return Scalars.text("name", "a host name, *.example.com, or an address", value -> {
            boolean isWildcard = value.text().startsWith(WILDCARD);
            String host = Hosts.canonical(isWildcard ? value.text().substring(WILDCARD.length()) : value.text());
            if (host == null || host.indexOf('_') >= 0 || isWildcard && Hosts.isAddress(host)) {
                throw Refused.badValue("no name that a certificate can be for");
            }
            return isWildcard ? WILDCARD + host : host;
        });
    }

    /** A certificate, or the word for one that is made, as default. */
    static Spec<Draft> orInternal(ObjectSpec<Draft> certificate) {
        Draft made = new Draft(null, null, null, null, null, null, List.of(), true);
        return new ObjectOrWord<>(new ShorthandSpec<>(word(made), certificate, made::equals));
    }

    /** TLS, or the word for TLS with nothing but such a certificate. */
    static Spec<ListenerTls> orAllInternal(ObjectSpec<ListenerTls> tls) {
        ListenerTls made = ListenerTls.internal();
        return new ObjectOrWord<>(new ShorthandSpec<>(word(made), tls, made::equals));
    }

    /** The mapping is what most people write, so it is named first. */
    private record ObjectOrWord<T>(ShorthandSpec<T> inner) implements Spec<T> {
        @Override
        public @Nullable T read(Node node, Reading reading) {
            return inner.read(node, reading);
        }

        @Override
        public Object write(T value) {
            return inner.write(value);
        }

        @Override
        public Map<String, Object> schema(Map<String, Object> definitions) {
            return inner.schema(definitions);
        }

        @Override
        public String typeName() {
            return inner.object().typeName() + " or " + inner.scalar().typeName();
        }

        @Override
        public List<ObjectSpec<?>> objects() {
            return inner.objects();
        }
    }

    private static <T> ScalarSpec<T> word(T meaning) {
        ScalarSpec<T> word = Scalars.words(Map.of(WORD, meaning));
        return new ScalarSpec<>(word.typeName(), WORD + ", or a mapping", word.range(), word.notation(), word.schema());
    }

    /** Nothing else says where such a certificate comes from. */
    static void check(Draft draft, Place place) {
        for (String key : List.of("chain", "key", "passphrase", "store", "password", "alias")) {
            if (!place.has(key)) continue;
            place.report(
                    Problem.at(place.markOfKey(key), ProblemCode.CONFLICTING_KEYS, "a certificate comes from one place")
                            .found(WORD + " and " + key)
                            .expected("chain and key, store and password, or " + WORD));
            return;
        }
    }
}
