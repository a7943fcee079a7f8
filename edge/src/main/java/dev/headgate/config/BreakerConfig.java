package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * What an upstream is asked for at most, over all its endpoints and all loops; {@link #UNLIMITED} for no limit.
 *
 * @param connections open ones, unused ones included; default 1024
 * @param pending requests and tunnels that wait for one of the others to end; default 1024; past it 503 at once; 0: none waits
 * @param requests attempts under way, tunnels included; default 1024
 * @param retries attempts under way that are not the first of their exchange; default 1024; past it there is no other attempt
 */
@Immutable
public record BreakerConfig(int connections, int pending, int requests, int retries) {
    /** A limit that is never reached. */
    public static final int UNLIMITED = Integer.MAX_VALUE;
}
