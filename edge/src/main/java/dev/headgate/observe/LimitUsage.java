package dev.headgate.observe;

import dev.headgate.engine.Immutable;

/**
 * What is taken of an upstream's limits at a moment.
 *
 * @param connections open ones, those being closed included
 * @param pending requests and tunnels that wait
 * @param requests attempts under way; 0 where they have no limit
 * @param retries exchanges that are making attempts after their first, and attempts beside others
 */
@Immutable
public record LimitUsage(int connections, int pending, int requests, int retries) {}
