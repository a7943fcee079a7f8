package dev.headgate.observe;

import dev.headgate.engine.Immutable;
import dev.headgate.engine.LoopCounters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All counters of one proxy at one moment, in the order of their names. The arrays belong to the snapshot, and so to whoever
 * asked for it.
 */
@Immutable
public record MetricsSnapshot(
        List<Loop> loops,
        Map<String, Listener> listeners,
        Map<String, Route> routes,
        Map<String, Upstream> upstreams,
        Map<Metrics.EndpointName, Endpoint> endpoints,
        Dns dns) {

    /**
     * Look-ups of names.
     *
     * @param queries sent to servers, over UDP or TCP
     * @param queriesOverTcp those over TCP alone
     * @param timeouts queries that a server has not answered in time
     * @param foreign datagrams that were no answer to the query that they came to, as forged ones are
     * @param answers look-ups that have brought something
     * @param byFailure those that have not, by the ordinal of {@link DnsFailure}
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one reader, who does not compare snapshots
    public record Dns(long queries, long queriesOverTcp, long timeouts, long foreign, long answers, long[] byFailure) {}

    /**
     * One event loop; what it counts is that of {@link LoopCounters}.
     *
     * @param connectionsOpened those to upstreams
     * @param connectionsClosed those of clients and to upstreams
     */
    public record Loop(
            long connectionsAccepted,
            long connectionsRefused,
            long connectionsOpened,
            long connectionsClosed,
            long acceptFailures,
            long descriptorShortages,
            long bytesRead,
            long bytesWritten,
            long reads,
            long writes,
            long cycles,
            long mailboxRejects,
            long budgetAborts,
            long handlerFailures) {
        static Loop of(LoopCounters counters) {
            return new Loop(
                    counters.connectionsAccepted(),
                    counters.connectionsRefused(),
                    counters.connectionsOpened(),
                    counters.connectionsClosed(),
                    counters.acceptFailures(),
                    counters.descriptorShortages(),
                    counters.bytesRead(),
                    counters.bytesWritten(),
                    counters.reads(),
                    counters.writes(),
                    counters.cycles(),
                    counters.mailboxRejects(),
                    counters.budgetAborts(),
                    counters.handlerFailures());
        }
    }

    /**
     * Exchanges that have ended.
     *
     * @param byStatusClass index 1 to 5 for 1xx to 5xx, 0 for those without a final status
     * @param byCause by the ordinal of the cause
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one reader, who does not compare snapshots
    public record Exchanges(long[] byStatusClass, long[] byCause, long bytesIn, long bytesOut, long durationSumUs) {
        public long count() {
            return sum(byStatusClass);
        }
    }

    /**
     * One route.
     *
     * @param fallbacks how often its fallback was taken
     */
    public record Route(Exchanges exchanges, long fallbacks) {}

    /**
     * One listener.
     *
     * @param byViolation requests that broke a rule, by the ordinal of the rule
     * @param byHttp2Violation faults of clients in HTTP/2, likewise
     * @param tls empty when the listener is plain
     * @param tunnels empty when it can have none
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Listener(
            long connectionsOpened,
            long connectionsClosed,
            long connectionsRefused,
            Exchanges exchanges,
            long[] byViolation,
            long[] byHttp2Violation,
            Distribution durationUs,
            Distribution overheadUs,
            Optional<Tls> tls,
            Optional<Tunnels> tunnels) {}

    /**
     * Tunnels at one listener, or to one upstream.
     *
     * @param opened those that came about
     * @param closed those of them that are over
     * @param byCause clients that wanted one and are gone, by the ordinal of the cause
     * @param bytesIn from clients, as they come
     * @param bytesOut to clients, likewise
     * @param durationSumUs of those that are over
     * @param durationUs likewise
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Tunnels(
            long opened,
            long closed,
            long[] byCause,
            long bytesIn,
            long bytesOut,
            long durationSumUs,
            Distribution durationUs) {
        public long open() {
            return opened - closed;
        }
    }

    /**
     * TLS on one listener, or to one upstream.
     *
     * @param handshakes complete ones by version
     * @param resumed those of them that resumed a session
     * @param bySuite complete ones by cipher suite
     * @param failures by the token of their reason
     * @param certificatesEndS when the first certificate that is shown ends, in seconds since the epoch; the greatest value if none is
     * @param certificateChanges how often changed files were put to use
     * @param certificateFailures how often changed files were of no use
     * @param authorityChanges how often changed authorities or revocation lists for client certificates were put to use
     * @param authorityFailures how often those were of no use
     */
    public record Tls(
            Map<String, Long> handshakes,
            Map<String, Long> resumed,
            Map<String, Long> bySuite,
            Map<String, Long> failures,
            long certificatesEndS,
            long certificateChanges,
            long certificateFailures,
            long authorityChanges,
            long authorityFailures) {}

    /**
     * Second attempts beside one that takes long.
     *
     * @param sent those that have begun
     * @param won those whose response head came first
     * @param refused those that the budget did not allow, or the number of retries that may be under way
     */
    public record Hedges(long sent, long won, long refused) {}

    /**
     * One upstream as a whole.
     *
     * @param hedges second attempts beside the first
     * @param answersDropped answers in whose place there was another attempt, or a fallback
     * @param replayFiles requests whose content went on into a temporary file
     * @param replayFilesLost requests whose content was to be kept in a file, and was not, to the end
     * @param byHttp2Violation faults of origins in HTTP/2, by the ordinal of the rule
     * @param attemptDurationUs of requests
     * @param endpoints how they come and go
     * @param pending attempts that had to wait for room
     * @param breaker what came of its circuit breaker; nothing where it has none
     * @param tls empty when the upstream is plain
     * @param tunnels empty when no listener can open one to it
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Upstream(
            long retries,
            long retriesRefused,
            Hedges hedges,
            long answersDropped,
            long replayFiles,
            long replayFilesLost,
            long[] byHttp2Violation,
            Distribution attemptDurationUs,
            EndpointList endpoints,
            Pending pending,
            Breaker breaker,
            Optional<Tls> tls,
            Optional<Tunnels> tunnels) {}

    /**
     * How the endpoints of an upstream come and go.
     *
     * @param added those that have come into the list, or back into it
     * @param removed those that have left it
     * @param leftOut those of the list for which there is no room, at the moment
     * @param lookUpsFailed look-ups of names that brought nothing
     * @param listChanges changed files that were taken over
     * @param listFailures changed files that were of no use
     */
    public record EndpointList(
            long added, long removed, long leftOut, long lookUpsFailed, long listChanges, long listFailures) {}

    /**
     * Attempts for which no endpoint had room within the limits.
     *
     * @param refused at once, for as many waited as may wait
     * @param timedOut after having waited in vain
     * @param durationUs of all that have waited, from the beginning of the wait to its end
     */
    public record Pending(long refused, long timedOut, Distribution durationUs) {}

    /**
     * A circuit breaker.
     *
     * @param trips how often it has stopped all attempts
     * @param steps how often it has become another state, whatever that was
     * @param refused attempts that were not made
     */
    public record Breaker(long trips, long steps, long refused) {}

    /**
     * One endpoint.
     *
     * @param attempts those that have started
     * @param byStatusClass those that have ended, like that of {@link Exchanges}
     * @param health what checks and requests have led to
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Endpoint(
            long attempts,
            long poolHits,
            long poolMisses,
            long connectionsOpened,
            long connectionsClosed,
            long preconnects,
            long preconnectFailures,
            long[] byStatusClass,
            long bytesSent,
            long bytesReceived,
            Health health) {
        public long attemptsInFlight() {
            return attempts - sum(byStatusClass);
        }
    }

    /**
     * What has been decided about one endpoint.
     *
     * @param ups how often checks have brought it up after it was down
     * @param downs how often they have taken it down
     * @param ejections how often requests have had it taken out for a while
     * @param ejectionsRefused how often that was called for and not done, because too few would have been left or it was out already
     */
    public record Health(
            long checksPassed, long checksFailed, long ups, long downs, long ejections, long ejectionsRefused) {}

    /** How values are distributed, each known to within 3 %. */
    public static final class Distribution {
        private final long[] counts;

        Distribution(long[] counts) {
            this.counts = counts;
        }

        public long count() {
            return sum(counts);
        }

        /**
         * A value that at least the share {@code quantile} of all values does not exceed; 0 when there are none.
         *
         * @param quantile from 0 to 1
         */
        public long quantile(double quantile) {
            long rank = Math.max((long) Math.ceil(quantile * count()), 1);
            long passed = 0;
            for (int bucket = 0; bucket < counts.length; bucket++) {
                passed += counts[bucket];
                if (passed >= rank) {
                    return Histogram.highestOf(bucket);
                }
            }
            return 0;
        }

        /** The number of values up to {@code value}, to the precision of the buckets. */
        public long countUpTo(long value) {
            long count = 0;
            for (int bucket = 0; bucket < counts.length && Histogram.highestOf(bucket) <= value; bucket++) {
                count += counts[bucket];
            }
            return count;
        }
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
