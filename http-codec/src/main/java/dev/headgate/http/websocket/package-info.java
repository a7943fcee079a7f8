/**
 * What a proxy has to know of WebSocket (RFC 6455): whether a request asks for one and a response grants it, and where frames end. Start reading
 * at {@link dev.headgate.http.websocket.WebSocketHandshake}.
 *
 * <p>Threading: a {@link dev.headgate.http.websocket.WebSocketHandshake} belongs to one thread, a
 * {@link dev.headgate.http.websocket.FrameBoundaries} to one direction of one connection. Buffers are lent for the call.
 */
@NullMarked
package dev.headgate.http.websocket;

import org.jspecify.annotations.NullMarked;
