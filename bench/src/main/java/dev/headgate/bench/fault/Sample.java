package dev.headgate.bench.fault;

import java.util.List;

/**
 * What origins have been asked so far.
 *
 * @param atNs when that was read, from the beginning of what is measured; before it, negative
 * @param requests that each origin has got, checks apart
 * @param refused connects that were refused on the whole machine, as its kernel counts them; {@link #NOT_KNOWN} where it does not
 */
public record Sample(long atNs, List<Long> requests, long refused) {
    public static final long NOT_KNOWN = -1;

    public Sample {
        requests = List.copyOf(requests);
    }

    /** All that the origins were asked, and all connects that were refused. */
    public long attempts() {
        return requests.stream().mapToLong(Long::longValue).sum() + Math.max(0, refused);
    }
}
