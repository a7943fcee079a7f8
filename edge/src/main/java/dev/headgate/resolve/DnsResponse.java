package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message says about a query.
 *
 * @param addresses of an {@link Kind#ANSWER} to a question for addresses; each once
 * @param services of an {@link Kind#ANSWER} to a question for a service; each once
 * @param ttlSeconds how long it holds, {@link #UNKNOWN} where nothing says so: the least of all records that lead to an answer; of the absence of
 *     a name or record what its zone says (RFC 2308 §5)
 * @param violation set exactly when it is {@link Kind#MALFORMED}
 */
@Immutable
public record DnsResponse(
        Kind kind,
        List<InetAddress> addresses,
        List<Service> services,
        long ttlSeconds,
        @Nullable DnsViolation violation) {
    public static final int UNKNOWN = -1;

    /** What kind of answer it is. */
    public enum Kind {
        /** There are records. */
        ANSWER,
        /** The name is there, without such a record (NODATA). */
        NO_DATA,
        /** There is no such name (NXDOMAIN). */
        NO_SUCH_NAME,
        /** There is more than fits into a datagram (TC). */
        TRUNCATED,
        /** The server cannot say now (SERVFAIL), or says what means nothing to us. */
        SERVER_FAILURE,
        /** The server does not want to (REFUSED). */
        REFUSED,
        /** The server does not understand the question (FORMERR, NOTIMP, BADVERS), perhaps for its extension. */
        NOT_UNDERSTOOD,
        /** It is about something else: another number or another question. Whoever sent it, the answer may still come. */
        FOREIGN,
        /** It breaks a rule. */
        MALFORMED
    }

    /**
     * Where a service is (RFC 2782).
     *
     * @param priority lower ones are used first
     * @param weight among those of one priority
     */
    public record Service(int priority, int weight, int port, DnsName target) {}

    public DnsResponse {
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
    }

    static DnsResponse of(Kind kind) {
        return withTtl(kind, UNKNOWN);
    }

    static DnsResponse withTtl(Kind kind, long ttlSeconds) {
        return new DnsResponse(kind, List.of(), List.of(), ttlSeconds, null);
    }

    static DnsResponse malformed(DnsViolation violation) {
        return new DnsResponse(Kind.MALFORMED, List.of(), List.of(), UNKNOWN, violation);
    }
}
