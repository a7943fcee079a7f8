package dev.headgate.config;

import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Map;

/** The keys of what is passed through. */
final class PassThroughLanguage {
    private static final int ALTERNATIVES_MAX = 64;
    private static final int PROTOCOL_BYTES_MAX = 255;

    static final ObjectSpec<PassThrough> PASS_THROUGH = passThrough();

    private PassThroughLanguage() {}

    private static ObjectSpec<PassThrough> passThrough() {
        var spec = ObjectSpec.<PassThrough>named(
                "passthrough",
                "Connections that go on as they came, TLS and all. What is left out takes any, and clients that name none.");
        var serverName = spec.withDefault(
                "serverName",
                new ListSpec<>(serverName(), 0, ALTERNATIVES_MAX),
                List.of(),
                "The name that the client asks for, or *.example.com for every name below example.com; several as a list.");
        var alpn = spec.withDefault(
                "alpn",
                new ListSpec<>(protocol(), 0, ALTERNATIVES_MAX),
                List.of(),
                "An application protocol that the client offers, among others or alone; several as a list.");
        var to = spec.required(
                "to", new UpstreamReference(Scalars.name()), "The upstream, which must be without tls of its own.");
        return spec.build(new Shape<>() {
            @Override
            public PassThrough make(Values<PassThrough> values) {
                return new PassThrough(values.get(serverName), values.get(alpn), values.get(to));
            }

            @Override
            public void split(PassThrough rule, Values<PassThrough> values) {
                values.put(serverName, rule.serverNames());
                values.put(alpn, rule.alpn());
                values.put(to, rule.to());
            }
        });
    }

    /** A host pattern without the addresses, which are no server names (RFC 6066 §3). */
    private static ScalarSpec<HostPattern> serverName() {
        ScalarSpec.Notation<HostPattern> notation = new ScalarSpec.Notation<>() {
            @Override
            public HostPattern parse(ScalarSpec.Value value) throws Refused {
                if (value.text().equals("*")) {
                    throw Refused.badValue("not a server name", "leave serverName out to take every name");
                }
                HostPattern pattern = HostPattern.read(value.text());
                if (Hosts.isAddress(pattern.name())) throw Refused.badValue("an address, for which no client asks");
                return pattern;
            }

            @Override
            public Object write(HostPattern pattern) {
                return pattern.text();
            }
        };
        return new ScalarSpec<>(
                "server name", "a name, exact or *.example.com", "", notation, Map.of("type", "string"));
    }

    /** The name of an application protocol (RFC 7301), as far as it can be read. */
    static ScalarSpec<String> protocol() {
        return Scalars.text("protocol", "the name of an application protocol such as h2", value -> {
            String text = value.text();
            boolean isName = !text.isEmpty()
                    && text.length() <= PROTOCOL_BYTES_MAX
                    && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
            if (!isName) throw Refused.badValue("not the name of a protocol");
            return text;
        });
    }
}
