/**
 * The I/O seam: everything that makes a run unrepeatable. Start reading at {@link dev.headgate.engine.io.Io}.
 *
 * <p>Nothing outside this package's implementations touches a channel, a clock, chance, a resolver, a file or a thread. Production has one
 * implementation of each interface, over {@code java.nio}, so that calls are bound statically; a simulator supplies another and replays a
 * run from its seed.
 *
 * <p>Threading: a {@link dev.headgate.engine.io.Poller}, and the sockets registered with it, belong to one loop; only
 * {@link dev.headgate.engine.io.Poller#wakeup} may be called from elsewhere. {@link dev.headgate.engine.io.Io} itself may be called from any
 * thread.
 */
@NullMarked
package dev.headgate.engine.io;

import org.jspecify.annotations.NullMarked;
