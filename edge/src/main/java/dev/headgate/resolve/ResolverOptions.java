package dev.headgate.resolve;

import dev.headgate.engine.Immutable;

/**
 * What bounds look-ups, whatever the files of the system say.
 *
 * @param timeoutNs how long to wait for one answer; 0 leaves it to the file, and then to 2 s
 * @param attempts how often all servers are asked; 0 leaves it to the file, and then to 2
 * @param ttlMinNs answers hold at least so long, whatever they say
 * @param ttlMaxNs and at most so long
 * @param absenceMaxNs answers that there is nothing at most so long
 * @param placesMax most places of a service that are looked up: those that are to be used first
 * @param queriesMax questions under way at a time, each with a socket of its own; the others wait
 * @param lookUpsMax look-ups under way or waiting at a time; a further one is refused
 */
@Immutable
public record ResolverOptions(
        long timeoutNs,
        int attempts,
        long ttlMinNs,
        long ttlMaxNs,
        long absenceMaxNs,
        int placesMax,
        int queriesMax,
        int lookUpsMax) {
    static final long TIMEOUT_NS_DEFAULT = 2_000_000_000L;
    static final int ATTEMPTS_DEFAULT = 2;

    /** After a look-up that has failed for no reason that lasts. */
    static final long RETRY_NS = 5_000_000_000L;

    long timeoutNs(ResolvConf conf) {
        return timeoutNs > 0 ? timeoutNs : conf.timeoutNs() > 0 ? conf.timeoutNs() : TIMEOUT_NS_DEFAULT;
    }

    int attempts(ResolvConf conf) {
        return attempts > 0 ? attempts : conf.attempts() > 0 ? conf.attempts() : ATTEMPTS_DEFAULT;
    }

    /** {@code seconds} as far as that is allowed. */
    long ttlNs(long seconds) {
        return clamp(seconds * 1_000_000_000L);
    }

    long clamp(long ns) {
        return Math.clamp(ns, ttlMinNs, ttlMaxNs);
    }

    /** When to ask again for what is not there, of which its zone says so for {@code seconds}, or nobody for how long. */
    long absenceNs(long seconds) {
        return Math.min(seconds == DnsResponse.UNKNOWN ? retryNs() : ttlNs(seconds), clamp(absenceMaxNs));
    }

    /** When to ask again after any other failure. */
    long retryNs() {
        return clamp(RETRY_NS);
    }
}
