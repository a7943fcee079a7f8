package dev.headgate.config;

import dev.headgate.config.HealthConfig.StatusRange;
import dev.headgate.engine.Immutable;
import java.util.List;

/** What has to become of an attempt for another one to follow. Whether that is safe is another question. */
@Immutable
public sealed interface RetryOn {
    /** What an upstream does that says nothing of it: all that can be without an answer. */
    List<RetryOn> USUAL = List.of(Failing.CONNECT, Failing.RESET, Failing.REFUSED_STREAM, Failing.TIMEOUT);

    /** There is no answer. */
    enum Failing implements RetryOn {
        /** No connection came about. */
        CONNECT,
        /** The connection or the stream broke before a byte of a response. */
        RESET,
        /** HTTP/2: the origin has said that it has not looked at the request. */
        REFUSED_STREAM,
        /** {@link UpstreamConfig.RetryConfig#perTryNs} ran out. */
        TIMEOUT
    }

    /** There is an answer, and it is of this kind. */
    sealed interface Answered extends RetryOn, FallbackOn {}

    /** An answer with one of these statuses, which are 400 to 599. */
    record Status(StatusRange range) implements Answered {}

    /**
     * A call by gRPC is answered with this status, and with nothing before it.
     *
     * @param code 1 to 16
     */
    record GrpcStatus(int code) implements Answered {}
}
