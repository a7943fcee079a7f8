package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.balancer.Backoff;
import dev.headgate.config.RetryOn;
import dev.headgate.config.RetryOn.Failing;
import dev.headgate.exchange.Failure.Body;
import dev.headgate.exchange.Failure.Connection;
import dev.headgate.exchange.Failure.Sent;
import dev.headgate.exchange.RetryPolicy.Decision;
import dev.headgate.http.Method;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RetryPolicyTest {
    /** What a failure allows while the content is at hand and no byte of a response has come. */
    private enum Rule {
        NEVER,
        /** The origin cannot have seen the request. */
        ALWAYS,
        /** The origin may have acted on it: idempotent methods only. */
        IF_IDEMPOTENT,
        /** The origin has not looked at the request: any may be sent again, to another endpoint. */
        UNSEEN,
        /** The same, but it is the connection that serves no more. */
        UNSEEN_ON_CONNECTION,
        /** The same, but it is the version that the origin does not want. */
        BY_HTTP_1,
        /** The same, unless nothing was sent; a connection from the pool was stale, and earns a fresh one. */
        IF_UNSEEN_OR_IDEMPOTENT
    }

    private static final Map<FailureKind, Rule> RULES = new EnumMap<>(Map.ofEntries(
            Map.entry(FailureKind.DNS_FAILED, Rule.ALWAYS),
            Map.entry(FailureKind.AT_CAPACITY, Rule.ALWAYS),
            Map.entry(FailureKind.CONNECT_REFUSED, Rule.ALWAYS),
            Map.entry(FailureKind.CONNECT_FAILED, Rule.ALWAYS),
            Map.entry(FailureKind.CONNECT_TIMEOUT, Rule.ALWAYS),
            Map.entry(FailureKind.TLS_HANDSHAKE, Rule.ALWAYS),
            Map.entry(FailureKind.TLS_CERTIFICATE, Rule.ALWAYS),
            Map.entry(FailureKind.TLS_REFUSED, Rule.ALWAYS),
            Map.entry(FailureKind.TLS_TIMEOUT, Rule.ALWAYS),
            Map.entry(FailureKind.TLS_OVERLOADED, Rule.NEVER),
            Map.entry(FailureKind.TLS_ALERT, Rule.IF_UNSEEN_OR_IDEMPOTENT),
            Map.entry(FailureKind.TLS_BROKEN, Rule.IF_UNSEEN_OR_IDEMPOTENT),
            Map.entry(FailureKind.RESET, Rule.IF_UNSEEN_OR_IDEMPOTENT),
            Map.entry(FailureKind.CLOSED, Rule.IF_UNSEEN_OR_IDEMPOTENT),
            Map.entry(FailureKind.STREAM_RESET, Rule.IF_IDEMPOTENT),
            Map.entry(FailureKind.STREAM_REFUSED, Rule.UNSEEN),
            Map.entry(FailureKind.GOING_AWAY, Rule.UNSEEN_ON_CONNECTION),
            Map.entry(FailureKind.HTTP_1_1_REQUIRED, Rule.BY_HTTP_1),
            Map.entry(FailureKind.PROTOCOL_BROKEN, Rule.IF_UNSEEN_OR_IDEMPOTENT),
            Map.entry(FailureKind.UNRESPONSIVE, Rule.IF_UNSEEN_OR_IDEMPOTENT),
            Map.entry(FailureKind.HEAD_INVALID, Rule.NEVER),
            Map.entry(FailureKind.HEAD_TOO_LARGE, Rule.NEVER),
            Map.entry(FailureKind.INTERIM_FLOOD, Rule.NEVER),
            Map.entry(FailureKind.UPGRADE_UNASKED, Rule.NEVER),
            Map.entry(FailureKind.UPGRADE_INVALID, Rule.NEVER),
            Map.entry(FailureKind.WEBSOCKET_UNOFFERED, Rule.ALWAYS),
            Map.entry(FailureKind.BODY_INVALID, Rule.NEVER),
            Map.entry(FailureKind.TRUNCATED, Rule.NEVER),
            Map.entry(FailureKind.TRY_TIMEOUT, Rule.IF_IDEMPOTENT),
            Map.entry(FailureKind.FIRST_BYTE_TIMEOUT, Rule.NEVER),
            Map.entry(FailureKind.BODY_TIMEOUT, Rule.NEVER),
            Map.entry(FailureKind.EXCHANGE_TIMEOUT, Rule.NEVER),
            Map.entry(FailureKind.LOCAL, Rule.NEVER)));

    /** RFC 9110 §9.2.2, by name; a method that we do not know is not known to be idempotent. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    @TestFactory
    Stream<DynamicTest> everyKindWithEverythingElse() {
        return Stream.of(FailureKind.values())
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> checkAllOf(kind)));
    }

    private static void checkAllOf(FailureKind kind) {
        for (Sent sent : Sent.values()) {
            for (Connection connection : Connection.values()) {
                for (Body body : Body.values()) {
                    for (int method = Method.OTHER; method <= Method.PATCH; method++) {
                        Failure failure = new Failure(kind, connection, sent, method, body);
                        checkUnder(failure, RetryRules.USUAL, "as usual");
                        for (Failing way : Failing.values()) {
                            checkUnder(failure, rules(List.of(way), false), way.name());
                            checkUnder(failure, rules(List.of(way), true), way + ", unsafe");
                        }
                        checkUnder(failure, rules(List.of(), false), "on nothing");
                        checkUnder(failure, rules(RetryOn.USUAL, true), "unsafe");
                    }
                }
            }
        }
    }

    private static RetryRules rules(List<RetryOn> on, boolean isUnsafe) {
        return RetryRules.of(on, isUnsafe, new Backoff(0, 0), 0);
    }

    private static void checkUnder(Failure failure, RetryRules rules, String name) {
        Decision usual = expected(failure, rules.isUnsafe());
        boolean isElsewhere = usual == Decision.NEXT_ENDPOINT;
        Decision expected = isElsewhere && !rules.holdsOn(failure.kind()) ? Decision.GIVE_UP : usual;
        assertEquals(expected, RetryPolicy.decide(failure, rules), () -> failure + ", " + name);
    }

    /** Under which name each kind is retried elsewhere; those that never are have none. */
    @Test
    void everyKindIsRetriedUnderOneName() {
        Map<FailureKind, Failing> names = new EnumMap<>(FailureKind.class);
        for (Failing way : Failing.values()) {
            RetryRules alone = rules(List.of(way), false);
            for (FailureKind kind : FailureKind.values()) {
                if (alone.holdsOn(kind)) {
                    assertNull(names.put(kind, way), kind::name);
                }
            }
        }
        for (FailureKind kind : FailureKind.values()) {
            Failing expected = switch (RULES.get(kind)) {
                case NEVER, BY_HTTP_1 -> null;
                case ALWAYS -> Failing.CONNECT;
                case UNSEEN, UNSEEN_ON_CONNECTION -> Failing.REFUSED_STREAM;
                case IF_UNSEEN_OR_IDEMPOTENT -> Failing.RESET;
                case IF_IDEMPOTENT -> kind == FailureKind.TRY_TIMEOUT ? Failing.TIMEOUT : Failing.RESET;
            };
            assertEquals(expected, names.get(kind), kind::name);
        }
    }

    @Test
    void answeredRequestsAreSentAgainIfTheyAreIdempotentAndAtHand() {
        for (int method = Method.OTHER; method <= Method.PATCH; method++) {
            boolean idempotent = IDEMPOTENT.contains(Method.name(method));
            RetryRules safe = rules(RetryOn.USUAL, false);
            RetryRules unsafe = rules(RetryOn.USUAL, true);
            assertEquals(idempotent, RetryPolicy.mayFollowAnswer(method, Body.REPLAYABLE, false, safe));
            assertTrue(RetryPolicy.mayFollowAnswer(method, Body.REPLAYABLE, false, unsafe));
            assertTrue(RetryPolicy.mayFollowAnswer(method, Body.REPLAYABLE, true, safe));
            assertFalse(RetryPolicy.mayFollowAnswer(method, Body.GONE, true, unsafe));
        }
    }

    private static Decision expected(Failure failure, boolean isUnsafe) {
        if (failure.body() == Body.GONE || failure.sent() == Sent.RESPONSE_BYTES) {
            return Decision.GIVE_UP;
        }
        boolean idempotent = isUnsafe || IDEMPOTENT.contains(Method.name(failure.method()));
        boolean unseen = failure.sent() == Sent.NOTHING;
        return switch (RULES.get(failure.kind())) {
            case NEVER -> Decision.GIVE_UP;
            case ALWAYS, UNSEEN -> Decision.NEXT_ENDPOINT;
            case UNSEEN_ON_CONNECTION -> Decision.FRESH_CONNECTION;
            case BY_HTTP_1 -> Decision.OVER_HTTP_1;
            case IF_IDEMPOTENT -> idempotent ? Decision.NEXT_ENDPOINT : Decision.GIVE_UP;
            case IF_UNSEEN_OR_IDEMPOTENT -> {
                if (!unseen && !idempotent) {
                    yield Decision.GIVE_UP;
                }
                yield failure.connection() == Connection.REUSED ? Decision.FRESH_CONNECTION : Decision.NEXT_ENDPOINT;
            }
        };
    }

    @Test
    void postThatMayHaveArrivedIsNotSentAgain() {
        assertEquals(
                Decision.GIVE_UP,
                RetryPolicy.decide(
                        new Failure(
                                FailureKind.CLOSED,
                                Connection.REUSED,
                                Sent.REQUEST_BYTES,
                                Method.POST,
                                Body.REPLAYABLE),
                        RetryRules.USUAL));
    }

    @Test
    void getOnStaleConnectionGetsFreshOne() {
        assertEquals(
                Decision.FRESH_CONNECTION,
                RetryPolicy.decide(
                        new Failure(
                                FailureKind.CLOSED, Connection.REUSED, Sent.REQUEST_BYTES, Method.GET, Body.REPLAYABLE),
                        RetryRules.USUAL));
    }

    @Test
    void postGoesElsewhereWhenNoConnectionCameAbout() {
        assertEquals(
                Decision.NEXT_ENDPOINT,
                RetryPolicy.decide(
                        new Failure(
                                FailureKind.CONNECT_REFUSED,
                                Connection.FRESH,
                                Sent.NOTHING,
                                Method.POST,
                                Body.REPLAYABLE),
                        RetryRules.USUAL));
    }
}
