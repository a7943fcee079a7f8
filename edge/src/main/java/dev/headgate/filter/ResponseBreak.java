package dev.headgate.filter;

import dev.headgate.engine.Immutable;

/**
 * Why a response that has begun cannot be completed.
 *
 * @param cause the name that the access log gives it, such as {@code upstream_reset}
 * @param grpcStatus what it is to a caller by gRPC, such as 14 ({@code UNAVAILABLE})
 */
@Immutable
public record ResponseBreak(String cause, int grpcStatus) {}
