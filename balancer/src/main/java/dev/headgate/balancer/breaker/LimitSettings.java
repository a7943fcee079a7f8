package dev.headgate.balancer.breaker;

/**
 * What an upstream may have under way; {@link Permits#UNLIMITED} for no limit.
 *
 * @param connections open ones, idle ones included
 * @param pending requests that wait for a connection
 * @param requests attempts under way
 * @param retries attempts under way that are not the first of their exchange
 */
public record LimitSettings(int connections, int pending, int requests, int retries) {
    public LimitSettings {
        if (connections < 0 || pending < 0 || requests < 0 || retries < 0) {
            throw new IllegalArgumentException("limits must not be negative: connections=" + connections + ", pending="
                    + pending + ", requests=" + requests + ", retries=" + retries);
        }
    }
}
