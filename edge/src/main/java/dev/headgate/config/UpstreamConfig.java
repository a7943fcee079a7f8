package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A named set of interchangeable endpoints with one policy.
 *
 * @param name identity across reloads, label in metrics and logs
 * @param endpoints addresses and names, distinct; at least one where there are no files
 * @param files lists of further endpoints
 * @param protocol what is spoken with origins; default {@link Protocol#HTTP_1_1}
 * @param balance how endpoints are chosen, beside their weights
 * @param host the {@code Host} that the origin sees; default {@link HostPolicy.Preserve}
 * @param retry how often an exchange is tried
 * @param timeouts how long an endpoint may take for each step
 * @param pool what is kept open
 * @param breaker what all endpoints together are asked for at most
 * @param concurrency how many attempts may be under way by how long answers take; empty: only {@code breaker} says
 * @param limits sizes and counts of responses
 * @param http2 limits of HTTP/2
 * @param dns how endpoint names are resolved
 * @param discovery how a list of endpoints that changes is followed
 * @param spread how traffic is spread beyond weights
 * @param ejection when endpoints are taken out for a while
 * @param health checks of endpoints apart from requests; empty: none
 * @param tls empty: plain
 * @param proxyProtocol how connections begin by telling whose they are; empty: they do not
 */
@Immutable
public record UpstreamConfig(
        String name,
        List<EndpointConfig> endpoints,
        List<EndpointFile> files,
        Protocol protocol,
        BalanceConfig balance,
        HostPolicy host,
        RetryConfig retry,
        UpstreamTimeouts timeouts,
        PoolConfig pool,
        BreakerConfig breaker,
        Optional<ConcurrencyConfig> concurrency,
        UpstreamLimits limits,
        UpstreamHttp2 http2,
        DnsConfig dns,
        DiscoveryConfig discovery,
        SpreadConfig spread,
        EjectionConfig ejection,
        Optional<HealthConfig> health,
        Optional<UpstreamTls> tls,
        Optional<ProxyProtocol> proxyProtocol) {
    public UpstreamConfig {
        endpoints = List.copyOf(endpoints);
        files = List.copyOf(files);
    }

    /** Whether HTTP/2 may be spoken with its origins. */
    public boolean speaksHttp2() {
        return switch (protocol) {
            case HTTP_1_1 -> false;
            case H2 -> true;
            case AUTO -> tls.isPresent();
        };
    }

    /** Whether HTTP/1.1 may be. */
    public boolean speaksHttp1() {
        return protocol != Protocol.H2;
    }

    /** What is spoken with origins. */
    public enum Protocol {
        /** RFC 9112. */
        HTTP_1_1,
        /** RFC 9113: agreed on by TLS, or without TLS from the first byte on. */
        H2,
        /** What an origin chooses of both, for each connection; without TLS {@link #HTTP_1_1}. */
        AUTO
    }

    /** The forms of the PROXY protocol. */
    public enum ProxyProtocol {
        /** A line of text. */
        V1,
        /** Binary, with more to say. */
        V2
    }

    /**
     * One address of an upstream.
     *
     * @param address host and port, or a Unix-domain socket
     * @param weight share of the traffic relative to its siblings, 0 to 256; default 1; 0 takes none
     * @param isBackup whether it stands in for the others only
     * @param zone where it is; empty: not said
     * @param labels what routes choose it by
     * @param maxConnections open connections, of all loops; empty: {@link PoolConfig#connections}
     * @param maxRequests attempts under way, of all loops; empty: {@link PoolConfig#requests}
     */
    public record EndpointConfig(
            Address address,
            int weight,
            boolean isBackup,
            Optional<String> zone,
            Map<String, String> labels,
            OptionalInt maxConnections,
            OptionalInt maxRequests) {
        /** One of those that serve at all times, of no zone and without labels, with the usual limits. */
        public EndpointConfig(Address address, int weight) {
            this(address, weight, false, Optional.empty(), Map.of(), OptionalInt.empty(), OptionalInt.empty());
        }

        /** Whether it has each of these labels with just that value. */
        public boolean matches(Map<String, String> selector) {
            return labels.entrySet().containsAll(selector.entrySet());
        }
    }

    /**
     * A file with a list of endpoints, which is watched.
     *
     * @param path where it is
     * @param watchNs time between two looks, in nanoseconds; default 1 s
     */
    public record EndpointFile(String path, long watchNs) {}

    /** The {@code Host} that the origin sees. */
    public sealed interface HostPolicy {
        /** What the client sent. */
        record Preserve() implements HostPolicy {}

        /** The address of the endpoint, as configured. */
        record Endpoint() implements HostPolicy {}

        /**
         * Always the same.
         *
         * @param host a host in lower case, with a port or without
         */
        record Fixed(String host) implements HostPolicy {}
    }

    /**
     * How often an exchange is tried.
     *
     * @param attempts tries in all, the first included, 1 to 10; default 3
     * @param perTryNs time for one attempt up to its response head, in nanoseconds; default 0: only
     *     {@link UpstreamTimeouts#firstByteNs} bounds it
     * @param budgetPercent retries in proportion to requests, 0 to 100; default 20; past it the failure is final
     * @param replayBytes first bytes of a request body that are kept for another attempt; default 64 KiB; once they
     *     overflow the exchange is not tried again
     * @param on what another attempt follows on; default {@link RetryOn#USUAL}
     * @param isUnsafe whether a request that is not idempotent is sent again though the origin may have acted on it; default
     *     false
     * @param backoff waits before an endpoint is asked again, or after an answer
     * @param retryAfterMaxNs longest {@code Retry-After} that is waited for, in nanoseconds; default 1 s; an answer that
     *     says more is passed on
     * @param isMarked whether the origin is told which retry a request is, in {@code X-Retry-Attempt}; default false
     * @param replayFile where what {@code replayBytes} does not hold is kept; empty, the default: nowhere
     * @param dropped what is read of an answer that is dropped for another attempt
     * @param hedgeAfterNs when a second attempt begins beside one that has brought no response head, in nanoseconds; default 0: never
     */
    public record RetryConfig(
            int attempts,
            long perTryNs,
            int budgetPercent,
            int replayBytes,
            List<RetryOn> on,
            boolean isUnsafe,
            RetryBackoff backoff,
            long retryAfterMaxNs,
            boolean isMarked,
            Optional<ReplayFile> replayFile,
            RetryDropped dropped,
            long hedgeAfterNs) {
        public RetryConfig {
            on = List.copyOf(on);
        }

        /** On what is usual. */
        public RetryConfig(int attempts, long perTryNs, int budgetPercent, int replayBytes) {
            this(
                    attempts,
                    perTryNs,
                    budgetPercent,
                    replayBytes,
                    RetryOn.USUAL,
                    false,
                    new RetryBackoff(25_000_000, 250_000_000),
                    1_000_000_000,
                    false,
                    Optional.empty(),
                    new RetryDropped(64 << 10, 1_000_000_000),
                    0);
        }
    }

    /**
     * What is read of an answer by HTTP/1.1 that is dropped for another attempt, so that its connection can be used again. Past either
     * the connection is closed.
     *
     * @param bytes default 64 KiB
     * @param timeNs in nanoseconds; default 1 s
     */
    public record RetryDropped(int bytes, long timeNs) {}

    /**
     * A temporary file for the content of a request that is longer than what is kept in memory.
     *
     * @param maxBytes longest content of one request in a file; default 64 MiB; a longer one streams on and is not sent again
     * @param directory where files take their room; empty: where the JVM has its temporary files
     * @param waitNs how long a client may be held up by a disk that is slower, in nanoseconds; default 1 s; then likewise
     */
    public record ReplayFile(long maxBytes, Optional<String> directory, long waitNs) {
        /** The path of the folder. */
        public String folder() {
            return directory.orElseGet(() -> System.getProperty("java.io.tmpdir"));
        }
    }

    /**
     * Waits between attempts: a random part of a bound that doubles, all in nanoseconds.
     *
     * @param baseNs the bound before the second attempt; default 25 ms; 0: no waits
     * @param maxNs the bound before any attempt; default 250 ms
     */
    public record RetryBackoff(long baseNs, long maxNs) {}

    /**
     * How long an endpoint may take for each step, in nanoseconds.
     *
     * @param connectNs to accept a connection; default 3 s; then another endpoint is tried, or 504
     * @param handshakeNs from the connection being accepted to the end of the TLS handshake; default 10 s; then likewise; of no
     *     meaning without TLS
     * @param firstByteNs from the last byte of the request to the end of the response head, absolute; default 30 s; then
     *     504
     * @param bodyIdleNs longest silence within a body, in either direction; default 60 s; then the exchange is aborted
     * @param poolIdleNs how long an unused connection stays open; default 60 s
     * @param pendingNs longest wait for a limit to let an attempt begin; default 1 s; then 503
     */
    public record UpstreamTimeouts(
            long connectNs, long handshakeNs, long firstByteNs, long bodyIdleNs, long poolIdleNs, long pendingNs) {}

    /**
     * What is kept open.
     *
     * @param idle unused connections kept per endpoint and loop; default 256; the oldest goes first
     * @param ageNs age past which a connection is not used again, in nanoseconds; default 1 h
     * @param jitterPercent up to how much of them that age and {@link UpstreamTimeouts#poolIdleNs} are shorter for each
     *     connection, by chance; 0 to 100; default 10
     * @param preconnect unused connections opened ahead and kept ready per endpoint, over all loops; default 0
     * @param connections open connections per endpoint, of all loops; default 1024; past it the endpoint is passed over,
     *     and waited for when there is no other
     * @param requests attempts under way per endpoint, likewise; default {@link BreakerConfig#UNLIMITED}
     */
    public record PoolConfig(int idle, long ageNs, int jitterPercent, int preconnect, int connections, int requests) {}

    /**
     * Sizes and counts of responses; a response past one of them becomes 502 and its connection is closed.
     *
     * @param headerBytes the header section; default 64 KiB
     * @param headerCount field lines of a header section; default 200
     * @param trailerBytes the trailer section; default 16 KiB
     * @param interim 1xx responses before the final one; default 8
     */
    public record UpstreamLimits(int headerBytes, int headerCount, int trailerBytes, int interim) {}

    /**
     * How endpoint names are looked up; the last good answer stays in use while that fails.
     *
     * @param refreshNs longest time between two look-ups, in nanoseconds; 1 s to 300 s; 0, the default: as long as answers hold
     * @param timeoutNs how long a look-up may take until it is reported, and how long a start waits for it, in nanoseconds; default 5 s
     * @param family which addresses count; default {@link Family#AUTO}
     * @param isOneEndpoint whether a name is one endpoint with all its addresses; default false: each address is one
     * @param nextAddressNs how long a connect to one address of an endpoint with several is waited for before the next one is tried
     *     beside it, in nanoseconds; default 250 ms
     */
    public record DnsConfig(long refreshNs, long timeoutNs, Family family, boolean isOneEndpoint, long nextAddressNs) {
        /** Which addresses of a name count. */
        public enum Family {
            /**
             * IPv4 where there is any, otherwise IPv6. A name with one IPv4 address and others of IPv6 is one host, reached by either.
             */
            AUTO,
            IPV4,
            IPV6,
            /** All, each for itself. */
            BOTH
        }
    }

    /**
     * How a list of endpoints that changes is followed.
     *
     * @param drainNs how long connections that nobody uses, and what is known of it, are kept of an endpoint that has left the list, in
     *     nanoseconds; default 30 s
     * @param endpoints how many there may be at a time; default 1024; further ones are left out
     */
    public record DiscoveryConfig(long drainNs, int endpoints) {}
}
