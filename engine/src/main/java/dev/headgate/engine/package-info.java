/**
 * Event loops and the connections that live on them. Start reading at {@link dev.headgate.engine.EventLoop}, then
 * {@link dev.headgate.engine.Connection} with {@link dev.headgate.engine.ConnectionHandler}.
 *
 * <p>Threading: every object belongs to one loop; what other threads may call is marked {@link dev.headgate.engine.AnyThread}.
 */
@NullMarked
package dev.headgate.engine;

import org.jspecify.annotations.NullMarked;
