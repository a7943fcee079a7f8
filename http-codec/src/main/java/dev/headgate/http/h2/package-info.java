/**
 * HTTP/2 (RFC 9113) as a state machine: bytes in and events out, calls in and frames out, for both roles. Start reading
 * at {@link dev.headgate.http.h2.Http2Connection}, then {@link dev.headgate.http.h2.Http2Listener}.
 *
 * <p>Threading: nothing here is thread-safe. A connection belongs to its owner, a {@link dev.headgate.http.h2.Http2Scratch}
 * to all connections of one event loop. Buffers and heads are lent for the call. Nothing here does I/O, reads a clock
 * or throws for a peer's fault.
 */
@NullMarked
package dev.headgate.http.h2;

import org.jspecify.annotations.NullMarked;
