package dev.headgate.secure;

import dev.headgate.config.HostPattern;
import dev.headgate.config.PassThrough;
import dev.headgate.engine.Immutable;
import dev.headgate.tls.hello.ClientHello;
import dev.headgate.tls.transport.HelloDecision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a listener passes through, by server name and application protocol; of several rules that take a hello the first in the list counts.
 * Names are looked up, so many rules cost a hello no more than few.
 */
@Immutable
public final class PassThroughTable {
    private static final String ANY_NAME = "";

    private final Map<String, List<Rule>> rulesByName = new HashMap<>(); // with wildcards as "*.", in order
    private final int ruleCount;

    private record Rule(int index, List<byte[]> protocols, HelloDecision decision) {
        boolean takes(ClientHello hello) {
            for (int i = 0; i < protocols.size(); i++) {
                if (hello.offersProtocol(protocols.get(i))) {
                    return true;
                }
            }
            return protocols.isEmpty();
        }
    }

    private PassThroughTable(List<PassThrough> rules, Function<String, HelloDecision.PassThrough> decisionOf) {
        this.ruleCount = rules.size();
        for (int i = 0; i < rules.size(); i++) {
            PassThrough from = rules.get(i);
            List<byte[]> protocols = from.alpn().stream()
                    .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                    .toList();
            Rule rule = new Rule(i, protocols, decisionOf.apply(from.to()));
            if (from.serverNames().isEmpty()) add(ANY_NAME, rule);
            for (HostPattern name : from.serverNames()) add(name.text(), rule);
        }
    }

    private void add(String name, Rule rule) {
        rulesByName.computeIfAbsent(name, key -> new ArrayList<>(1)).add(rule);
    }

    /**
     * Of a listener's rules.
     *
     * @param decisionOf by the name of the upstream
     */
    public static PassThroughTable of(List<PassThrough> rules, Function<String, HelloDecision.PassThrough> decisionOf) {
        return new PassThroughTable(rules, decisionOf);
    }

    /**
     * What becomes of a hello that a rule takes; null when none does.
     *
     * @param serverName in lower case and without a last dot; null when the client names none
     */
    @Nullable
    HelloDecision find(ClientHello hello, @Nullable String serverName) {
        if (ruleCount == 0) {
            return null;
        }
        Rule best = earlier(null, ANY_NAME, hello);
        if (serverName != null) {
            best = earlier(best, serverName, hello);
            int dot = serverName.indexOf('.');
            while (dot >= 0) {
                best = earlier(best, "*" + serverName.substring(dot), hello);
                dot = serverName.indexOf('.', dot + 1);
            }
        }
        return best == null ? null : best.decision();
    }

    /** {@code known}, or a rule for {@code name} that stands before it and takes {@code hello}. */
    private @Nullable Rule earlier(@Nullable Rule known, String name, ClientHello hello) {
        List<Rule> rules = rulesByName.get(name);
        if (rules == null) {
            return known;
        }
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (known != null && known.index() < rule.index()) {
                return known;
            }
            if (rule.takes(hello)) {
                return rule;
            }
        }
        return known;
    }
}
