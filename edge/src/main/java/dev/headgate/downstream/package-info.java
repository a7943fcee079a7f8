/**
 * The client's side: server sessions. Start reading at {@link dev.headgate.downstream.Http1ServerSession}, or at
 * {@link dev.headgate.downstream.Http2ServerSession} with its {@link dev.headgate.downstream.Http2ServerStream}.
 *
 * <p>Threading: a session belongs to the event loop that accepted its connection, and shares a {@link
 * dev.headgate.downstream.ServerLoop} with the others of it.
 */
@NullMarked
package dev.headgate.downstream;

import org.jspecify.annotations.NullMarked;
