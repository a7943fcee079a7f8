/**
 * Direct buffers in size classes, with accounting. Start reading at {@link dev.headgate.engine.buffer.BufferPool}.
 *
 * <p>Threading: a pool and its buffers belong to one loop; only {@link dev.headgate.engine.buffer.MemoryBudget} is shared.
 */
@NullMarked
package dev.headgate.engine.buffer;

import org.jspecify.annotations.NullMarked;
