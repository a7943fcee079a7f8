/**
 * Bound sockets and the rules for those who connect. Start reading at {@link dev.headgate.listener.ListenerNode}.
 *
 * <p>Threading: a node is shared by all loops; it is immutable but for counters of connections.
 */
@NullMarked
package dev.headgate.listener;

import org.jspecify.annotations.NullMarked;
