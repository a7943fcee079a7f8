/** gRPC-Web, which browsers speak, translated to gRPC and back as the filter of a route. */
@NullMarked
package dev.headgate.grpc;

import org.jspecify.annotations.NullMarked;
