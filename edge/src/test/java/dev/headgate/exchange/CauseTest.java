package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.http.Violation;
import dev.headgate.tls.transport.TlsFailure;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CauseTest {
    /** Causes whose status is not the proxy's: a configured action decides it, or the origin did; and those of tunnels, which have none. */
    private static final Set<Cause> WITHOUT_STATUS = EnumSet.of(
            Cause.NONE,
            Cause.RESPOND_ACTION,
            Cause.REDIRECT_ACTION,
            Cause.REDIRECT_TO_HTTPS,
            Cause.FILTER_RESPONSE,
            Cause.FALLBACK_RESPONSE,
            Cause.TUNNEL_IDLE,
            Cause.TUNNEL_AGED,
            Cause.TUNNEL_DRAINED);

    @Test
    void anOptionsRequestAtItsEndIsAnsweredAndIsNoError() {
        assertEquals(204, Cause.MAX_FORWARDS_REACHED.status());
        assertNull(Cause.MAX_FORWARDS_REACHED.proxyStatusError());
    }

    @Test
    void tokensAreUnique() {
        Set<String> tokens = Arrays.stream(Cause.values()).map(Cause::token).collect(Collectors.toSet());
        assertEquals(Cause.COUNT, tokens.size());
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void tokensAreStableNames(Cause cause) {
        assertTrue(cause.token().matches("[a-z]+(_[a-z]+)*"), cause.token());
        assertSame(cause, Cause.of(cause.ordinal()));
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "MAX_FORWARDS_REACHED")
    void everyCauseOfAnAnswerHasAnErrorStatus(Cause cause) {
        if (WITHOUT_STATUS.contains(cause)) {
            assertEquals(0, cause.status());
        } else {
            assertTrue(cause.status() >= 400 && cause.status() <= 599, () -> "status=" + cause.status());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, mode = EnumSource.Mode.EXCLUDE, names = "MAX_FORWARDS_REACHED")
    void everyAnswerThatIsSentNamesItsErrorInProxyStatus(Cause cause) {
        if (WITHOUT_STATUS.contains(cause) || cause.status() == 499) {
            assertNull(cause.proxyStatusError());
        } else {
            assertNotNull(cause.proxyStatusError());
        }
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void everyViolationIsAnsweredWithItsOwnStatus(Violation violation) {
        assertEquals(violation.status(), Cause.ofRequest(violation).status(), violation::token);
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void everyFailureOfAnAttemptIsAnsweredWithServerError(FailureKind kind) {
        assertNotEquals(Cause.NONE, kind.cause());
        assertTrue(kind.cause().status() >= 500, () -> "status=" + kind.cause().status());
    }

    @ParameterizedTest
    @EnumSource(Violation.class)
    void everyViolationOfResponseIsFailureOfItsHead(Violation violation) {
        FailureKind expected = violation.status() == 431 ? FailureKind.HEAD_TOO_LARGE : FailureKind.HEAD_INVALID;
        assertEquals(expected, FailureKind.ofResponse(violation));
    }

    @Test
    void responseHeadWithoutViolationCountsAsInvalid() {
        assertEquals(FailureKind.HEAD_INVALID, FailureKind.ofResponse(null));
    }

    /** Timeouts are 504, what cannot be reached or understood 502 (RFC 9110 §15.6.3, §15.6.5), our own lack 5xx. */
    @ParameterizedTest
    @CsvSource({
        "DNS_FAILED, 502",
        "AT_CAPACITY, 503",
        "CONNECT_REFUSED, 502",
        "CONNECT_FAILED, 502",
        "CONNECT_TIMEOUT, 504",
        "TLS_HANDSHAKE, 502",
        "TLS_CERTIFICATE, 502",
        "TLS_REFUSED, 502",
        "TLS_TIMEOUT, 504",
        "TLS_OVERLOADED, 503",
        "TLS_ALERT, 502",
        "TLS_BROKEN, 502",
        "RESET, 502",
        "CLOSED, 502",
        "STREAM_RESET, 502",
        "STREAM_REFUSED, 503",
        "GOING_AWAY, 503",
        "HTTP_1_1_REQUIRED, 502",
        "PROTOCOL_BROKEN, 502",
        "UNRESPONSIVE, 504",
        "HEAD_INVALID, 502",
        "HEAD_TOO_LARGE, 502",
        "INTERIM_FLOOD, 502",
        "UPGRADE_UNASKED, 502",
        "UPGRADE_INVALID, 502",
        "WEBSOCKET_UNOFFERED, 502",
        "BODY_INVALID, 502",
        "TRUNCATED, 502",
        "TRY_TIMEOUT, 504",
        "FIRST_BYTE_TIMEOUT, 504",
        "BODY_TIMEOUT, 504",
        "EXCHANGE_TIMEOUT, 504",
        "LOCAL, 500"
    })
    void failuresHaveTheirStatus(FailureKind kind, int status) {
        assertEquals(status, kind.cause().status());
    }

    /** What goes on before a session is there may be tried elsewhere; afterwards a request may have been acted on. */
    @ParameterizedTest
    @EnumSource(TlsFailure.class)
    void everyFailureOfTlsIsOneOfAnAttempt(TlsFailure failure) {
        FailureKind before = FailureKind.ofHandshake(failure);
        boolean ours = failure == TlsFailure.OVERLOADED || failure == TlsFailure.INTERNAL;
        assertEquals(!ours, before.isBeforeConnect());
        assertEquals(
                failure.token().startsWith("tls.certificate_"), before == FailureKind.TLS_CERTIFICATE, failure.token());
        assertFalse(FailureKind.ofOpenTls(failure).isBeforeConnect());
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void lackOfOurOwnIsNotHeldAgainstTheEndpoint(FailureKind kind) {
        Set<FailureKind> ours = EnumSet.of(
                FailureKind.DNS_FAILED,
                FailureKind.AT_CAPACITY,
                FailureKind.TLS_OVERLOADED,
                FailureKind.EXCHANGE_TIMEOUT,
                FailureKind.LOCAL);
        // Nor is what an endpoint does in good order, though that is nothing of ours.
        Set<FailureKind> inGoodOrder =
                EnumSet.of(FailureKind.GOING_AWAY, FailureKind.HTTP_1_1_REQUIRED, FailureKind.WEBSOCKET_UNOFFERED);
        assertEquals(ours.contains(kind) || inGoodOrder.contains(kind), kind.endpointFailure() == null);
        if (kind != FailureKind.DNS_FAILED) { // not the endpoint's fault, and still none of the proxy's
            Failure.Source source = ours.contains(kind) ? Failure.Source.INTERNAL : Failure.Source.UPSTREAM;
            assertEquals(source, kind.source());
        }
    }
}
