package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.ClientAuth;
import dev.headgate.config.ClientAuthRules;
import dev.headgate.config.HostPattern;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientPoliciesTest {
    private static final ClientAuth STAFF =
            new ClientAuth(ClientAuth.Mode.REQUIRE, Optional.of("staff.pem"), Optional.empty());
    private static final ClientAuth ANYBODY =
            new ClientAuth(ClientAuth.Mode.REQUEST, Optional.empty(), Optional.empty());

    private final ClientPolicies policies = new ClientPolicies(new ClientAuthRules(
            ClientAuth.OFF,
            List.of(
                    named("*.example.com", STAFF),
                    named("*.open.example.com", ANYBODY),
                    named("www.example.com", ClientAuth.OFF),
                    named("admin.test", STAFF)),
            List.of()));

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, 0",
                "example.com, 0",
                "a.example.com, 1",
                "a.b.example.com, 1",
                "www.example.com, 0",
                "a.www.example.com, 1",
                "open.example.com, 1",
                "a.open.example.com, 2",
                "a.b.open.example.com, 2",
                "admin.test, 1",
                "a.admin.test, 0",
                "aexample.com, 0",
                "com, 0",
                ".example.com, 1",
                "192.0.2.1, 0",
                "[::1], 0",
            })
    void theExactNameCountsThenTheLongestWildcard(@Nullable String name, int policy) {
        assertEquals(policy, policies.of(name));
    }

    @Test
    void equalPoliciesAreOne() {
        assertEquals(3, policies.count());
        assertEquals(STAFF, policies.policy(1));
        assertEquals(1, new ClientPolicies(ClientAuthRules.NONE).count());
    }

    private static ClientAuthRules.Named named(String pattern, ClientAuth auth) {
        return new ClientAuthRules.Named(new HostPattern(pattern), auth);
    }
}
