package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * When an upstream is not asked for a while, and how it is asked again; times in nanoseconds.
 *
 * @param errorPercent it trips when at least this share of attempts failed, or was answered by a status of 500 and above; default 50; 0:
 *     never
 * @param slowPercent or when at least this share was slow; default 0: never
 * @param slowAfterNs an attempt is slow whose response head takes longer than this; default 2 s
 * @param windowNs over which shares are taken; default 10 s
 * @param requests with fewer attempts in the window it does not trip; default 20
 * @param openNs how long it is not asked; twice as long for each further time in short order; default 5 s
 * @param openMaxNs but never longer; default 60 s
 * @param jitterPercent and up to this much longer, at random; default 20
 * @param probes attempts that go through before it is decided whether more do; default 1
 * @param probeTimeoutNs when they have not been answered after this time, as many others go through; default 10 s
 * @param returnNs over which the share of attempts that go through then grows; default 10 s; 0: all at once
 * @param returnStartPercent where it begins; default 10
 */
@Immutable
public record TripConfig(
        int errorPercent,
        int slowPercent,
        long slowAfterNs,
        long windowNs,
        int requests,
        long openNs,
        long openMaxNs,
        int jitterPercent,
        int probes,
        long probeTimeoutNs,
        long returnNs,
        int returnStartPercent) {}
