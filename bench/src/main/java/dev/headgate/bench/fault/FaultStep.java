package dev.headgate.bench.fault;

import java.time.Duration;

/**
 * One thing that is done to one origin.
 *
 * @param at when, from the beginning of what is measured
 * @param origin its number, from 0 on
 * @param act what
 */
public record FaultStep(Duration at, int origin, Act act) {}
