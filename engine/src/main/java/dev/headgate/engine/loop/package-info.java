/**
 * The event loop from the inside. Start reading at {@link dev.headgate.engine.loop.LoopCore}, then
 * {@link dev.headgate.engine.loop.TcpConnection} with {@link dev.headgate.engine.loop.LoopReader} and
 * {@link dev.headgate.engine.loop.LoopWriter}.
 *
 * <p>Threading: everything here belongs to one loop except {@link dev.headgate.engine.loop.LoopMailbox},
 * {@link dev.headgate.engine.loop.ConnectionPermits}, {@link dev.headgate.engine.loop.BoundListener} and the reading side of
 * {@link dev.headgate.engine.loop.CounterCells}.
 */
@NullMarked
package dev.headgate.engine.loop;

import org.jspecify.annotations.NullMarked;
