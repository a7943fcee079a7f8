/**
 * gRPC-Web, which browsers speak, translated to gRPC and back as the filter of a route. Start reading at {@link dev.headgate.grpc.GrpcWebFilter}.
 *
 * <p>Threading: the filter is shared by all loops; what it keeps of a call belongs to the loop of the call's exchange.
 */
@NullMarked
package dev.headgate.grpc;

import org.jspecify.annotations.NullMarked;
