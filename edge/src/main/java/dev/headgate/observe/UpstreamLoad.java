package dev.headgate.observe;

import dev.headgate.balancer.breaker.Limits;
import dev.headgate.engine.Immutable;

/**
 * What is taken of an upstream's limits at a moment.
 *
 * @param connections open ones, those being closed included
 * @param pending requests and tunnels that wait
 * @param requests attempts under way; 0 where they have no limit
 * @param retries exchanges that are making attempts after their first
 */
@Immutable
public record UpstreamLoad(int connections, int pending, int requests, int retries) {
    /** What is taken of these at the moment, each by itself. */
    public static UpstreamLoad of(Limits limits) {
        return new UpstreamLoad(
                limits.connections().taken(),
                limits.pending().taken(),
                limits.requests().inUse(),
                limits.retries().taken());
    }
}
