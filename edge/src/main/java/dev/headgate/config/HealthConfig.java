package dev.headgate.config;

import dev.headgate.config.RouteConfig.HeaderLine;
import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the endpoints of an upstream are checked, apart from requests.
 *
 * @param type what is asked of an endpoint; default {@link CheckType#HTTP}
 * @param http of {@link CheckType#HTTP} only
 * @param service of {@link CheckType#GRPC} only: the service that is asked for; empty: the server as a whole
 * @param host the {@code Host} or {@code :authority} of the question; empty: what requests to the endpoint have by its upstream's
 *     {@code host}, or else the endpoint's own
 * @param pace how often, and how long
 * @param rise passed checks in a row after which an endpoint that is down is up; 1 to 100, default 3
 * @param fall failed checks in a row after which an endpoint that is up is down; 1 to 100, default 3
 * @param start what an endpoint is until it has been checked
 * @param port the port that is asked, if it is not the one for requests
 * @param isPlain whether checks go without TLS where requests have it
 */
@Immutable
public record HealthConfig(
        CheckType type,
        HttpCheck http,
        String service,
        Optional<String> host,
        Pace pace,
        int rise,
        int fall,
        Start start,
        OptionalInt port,
        boolean isPlain) {
    /** What is asked of an endpoint. */
    public enum CheckType {
        /** A request by what the upstream's protocol speaks. */
        HTTP,
        /** A connection, with TLS where requests have it. */
        TCP,
        /** The health checking protocol of gRPC, over HTTP/2. */
        GRPC
    }

    /** What an endpoint is until it has been checked. */
    public enum Start {
        /** It takes requests until {@link #fall} checks in a row have failed. */
        UP,
        /** It takes none until {@link #rise} checks in a row have passed. */
        DOWN,
        /** It takes requests until its first check, which decides. */
        UNKNOWN
    }

    /**
     * A request, and the answers to it that are well.
     *
     * @param method GET, HEAD or OPTIONS
     * @param target path with a query or without
     * @param headers further fields
     * @param status at least one range of final statuses; redirects are not followed
     * @param body what the first bytes of the content have to contain, in UTF-8; empty: anything
     * @param bodyBytes how much of the content is looked at
     */
    public record HttpCheck(
            String method,
            String target,
            List<HeaderLine> headers,
            List<StatusRange> status,
            Optional<String> body,
            int bodyBytes) {
        public HttpCheck {
            headers = List.copyOf(headers);
            status = List.copyOf(status);
        }

        public boolean isExpected(int answered) {
            for (StatusRange range : status) {
                if (range.contains(answered)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Statuses from {@code first} to {@code last}, both included; 200 to 599. */
    public record StatusRange(int first, int last) {
        public boolean contains(int status) {
            return status >= first && status <= last;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    /**
     * When endpoints are checked; all in nanoseconds but the jitter.
     *
     * @param intervalNs from the start of one check to that of the next; default 5 s
     * @param fastIntervalNs the same while checks speak against what the endpoint is taken for; default 1 s
     * @param downIntervalNs the same while it is down
     * @param jitterPercent share of an interval by which each varies at random, so that checks do not come in step; default 10
     * @param timeoutNs for a whole check, from the connect to the verdict; default 2 s
     */
    public record Pace(long intervalNs, long fastIntervalNs, long downIntervalNs, int jitterPercent, long timeoutNs) {}
}
