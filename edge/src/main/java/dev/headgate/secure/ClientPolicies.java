package dev.headgate.secure;

import dev.headgate.config.ClientAuth;
import dev.headgate.config.ClientAuthRules;
import dev.headgate.engine.Immutable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policies on client certificates of one listener, by number and by name. Names whose policies are equal share one.
 */
@Immutable
final class ClientPolicies {
    private static final int USUAL = 0;

    private final List<ClientAuth> policies = new ArrayList<>(); // not changed later
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> domains = new HashMap<>(); // by what stands behind "*."

    ClientPolicies(ClientAuthRules rules) {
        policies.add(rules.usual());
        for (ClientAuthRules.Named named : rules.names()) {
            Map<String, Integer> place = named.name().isWildcard() ? domains : exact;
            place.put(named.name().name(), numberOf(named.clientAuth()));
        }
    }

    private int numberOf(ClientAuth policy) {
        int known = policies.indexOf(policy);
        if (known >= 0) {
            return known;
        }
        policies.add(policy);
        return policies.size() - 1;
    }

    int count() {
        return policies.size();
    }

    ClientAuth policy(int number) {
        return policies.get(number);
    }

    /** Which policy is for {@code name}: the one of this very name, else of the longest wildcard above it, else the usual one. */
    int of(@Nullable String name) {
        if (name == null || policies.size() == 1) {
            return USUAL;
        }
        Integer number = exact.get(name);
        for (int dot = name.indexOf('.'); number == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            number = domains.get(name.substring(dot + 1));
        }
        return number == null ? USUAL : number;
    }
}
