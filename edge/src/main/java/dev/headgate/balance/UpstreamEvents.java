package dev.headgate.balance;

import dev.headgate.balancer.breaker.BreakerTransition;
import dev.headgate.balancer.breaker.CircuitBreaker;
import dev.headgate.balancer.health.CheckResult;
import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.balancer.health.Ejector;
import dev.headgate.balancer.health.EndpointCondition;
import dev.headgate.balancer.health.HealthTransition;
import dev.headgate.balancer.health.Weights;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.UpstreamNode;
import java.util.stream.Collectors;

/** Tells the log and the counters what the agent has decided about an upstream. */
final class UpstreamEvents {
    private static final long NS_PER_MS = 1_000_000;

    private final UpstreamNode upstream;
    private final ErrorLog errors;

    UpstreamEvents(UpstreamNode upstream, ErrorLog errors) {
        this.upstream = upstream;
        this.errors = errors;
    }

    void added(EndpointNode endpoint) {
        upstream.metrics().list().onAdded();
        errors.report(LogEvent.ENDPOINT_ADDED, "upstream", upstream.name(), "endpoint", endpoint.text());
    }

    void removed(EndpointNode endpoint) {
        upstream.metrics().list().onRemoved();
        errors.report(LogEvent.ENDPOINT_REMOVED, "upstream", upstream.name(), "endpoint", endpoint.text());
    }

    /** @param count how many endpoints of the list find no room beside {@code used} others; 0: all do again */
    void leftOut(int count, int used) {
        upstream.metrics().list().leftOut(count);
        if (count > 0) {
            errors.report(LogEvent.ENDPOINTS_LEFT_OUT, "upstream", upstream.name(), "endpoints", count, "limit", used);
        }
    }

    /** @param override {@link EndpointCondition#NO_OVERRIDE} for the configured weight */
    void weightSet(EndpointNode endpoint, int override) {
        errors.report(
                LogEvent.ENDPOINT_WEIGHT_SET,
                "upstream",
                upstream.name(),
                "endpoint",
                endpoint.text(),
                "weight",
                override == EndpointCondition.NO_OVERRIDE ? "configured" : override);
    }

    void drainSet(EndpointNode endpoint, boolean drains) {
        errors.report(
                LogEvent.ENDPOINT_DRAIN_SET,
                "upstream",
                upstream.name(),
                "endpoint",
                endpoint.text(),
                "drains",
                drains);
    }

    void check(EndpointNode endpoint, CheckResult result) {
        endpoint.metrics().onCheck(result.isPass());
    }

    void transition(EndpointNode endpoint, HealthTransition transition) {
        boolean isUp = transition.to().isUp();
        endpoint.metrics().onHealthChanged(isUp);
        errors.report(
                isUp ? LogEvent.ENDPOINT_UP : LogEvent.ENDPOINT_DOWN,
                "upstream",
                upstream.name(),
                "endpoint",
                endpoint.text(),
                "reason",
                transition.cause().text());
    }

    void ejection(EndpointNode endpoint, EjectionReason reason, Ejector.Verdict verdict) {
        endpoint.metrics().onEjection(verdict == Ejector.Verdict.EJECTED);
        switch (verdict) {
            case EJECTED ->
                errors.report(
                        LogEvent.ENDPOINT_EJECTED,
                        "upstream",
                        upstream.name(),
                        "endpoint",
                        endpoint.text(),
                        "reason",
                        reason.text());
            case LAST_AVAILABLE, TOO_MANY ->
                errors.report(
                        LogEvent.ENDPOINT_NOT_EJECTED,
                        "upstream",
                        upstream.name(),
                        "endpoint",
                        endpoint.text(),
                        "reason",
                        reason.text(),
                        "because",
                        verdict.text());
            case ALREADY_EJECTED, GONE -> {}
        }
    }

    void returned(EndpointNode endpoint, Ejector.Return returned) {
        errors.report(
                LogEvent.ENDPOINT_RETURNED,
                "upstream",
                upstream.name(),
                "endpoint",
                endpoint.text(),
                "reason",
                returned.reason().text(),
                "after_ms",
                returned.ejectedNs() / NS_PER_MS);
    }

    void state(Weights weights) {
        errors.report(
                LogEvent.UPSTREAM_STATE,
                "upstream",
                upstream.name(),
                "state",
                weights.state().text(),
                "available",
                weights.availablePercent() + "%",
                "because",
                reasons(weights));
    }

    void breaker(BreakerTransition transition) {
        upstream.metrics().onBreakerStep(transition.to() == CircuitBreaker.State.OPEN);
        errors.report(
                LogEvent.UPSTREAM_BREAKER,
                "upstream",
                upstream.name(),
                "state",
                transition.to().text(),
                "from",
                transition.from().text(),
                "because",
                transition.reason().text());
    }

    private static String reasons(Weights weights) {
        return weights.reasons().isEmpty()
                ? "-"
                : weights.reasons().stream().map(Weights.Reason::text).sorted().collect(Collectors.joining(","));
    }
}
