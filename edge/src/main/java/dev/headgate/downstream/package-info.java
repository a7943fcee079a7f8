/**
 * The client's side: server sessions. Start reading at {@link dev.headgate.downstream.Http1ServerSession}.
 *
 * <p>Threading: a session belongs to the event loop that accepted its connection.
 */
@NullMarked
package dev.headgate.downstream;

import org.jspecify.annotations.NullMarked;
