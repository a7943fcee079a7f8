/**
 * The engine's I/O seam in memory: sockets without a kernel, on one thread, with every call counted and nothing allocated in steady
 * state, so that what a request costs is the proxy's own. Start reading at {@link dev.headgate.testkit.memory.MemoryIo}; peers use
 * {@link dev.headgate.testkit.memory.MemoryPeer}. Unlike the simulator of {@link dev.headgate.testkit.sim} it plans no fault and keeps no
 * trace.
 *
 * <p>Threading: everything belongs to the thread that drives {@link dev.headgate.testkit.memory.MemoryIo#step}.
 */
@NullMarked
package dev.headgate.testkit.memory;

import org.jspecify.annotations.NullMarked;
