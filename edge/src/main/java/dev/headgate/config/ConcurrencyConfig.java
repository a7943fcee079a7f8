package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * A limit of attempts under way that follows from how long answers take.
 *
 * @param initial where it begins; default 20
 * @param min it is never lower; default 4
 * @param max it is never higher; default 1000
 * @param tolerancePercent how much longer than usual answers may take before it shrinks; default 25
 * @param windowNs how often it is looked at, in nanoseconds; default 500 ms
 * @param remeasureNs how often it is lowered to learn what is usual, in nanoseconds, where nothing else has shown it; default 60 s
 */
@Immutable
public record ConcurrencyConfig(int initial, int min, int max, int tolerancePercent, long windowNs, long remeasureNs) {}
