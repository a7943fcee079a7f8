/**
 * Scripted peers over real loopback sockets, with a message reader of their own that shares no code with the product.
 * Start reading at {@link dev.headgate.testkit.peer.RawClient}, then {@link dev.headgate.testkit.peer.ScriptedOrigin}
 * with {@link dev.headgate.testkit.peer.OriginScript}.
 *
 * <p>Threading: a client belongs to the test's thread; an origin runs one virtual thread per connection, and what it
 * recorded may be read by any thread.
 */
@NullMarked
package dev.headgate.testkit.peer;

import org.jspecify.annotations.NullMarked;
