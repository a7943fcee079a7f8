/**
 * An HTTP/1.1 load generator on event loops of its own. Start reading at {@link dev.headgate.bench.load.LoadGenerator}, then
 * {@link dev.headgate.bench.load.LoadLoop}.
 *
 * <p>Threading: plans and results are immutable. {@code LoadLoop} and everything below it belongs to one event loop; the generator talks to it by
 * commands, and reads what it publishes when it has ended. The metronome of an open loop is a thread that knows the timetable and wakes the loop.
 */
@NullMarked
package dev.headgate.bench.load;

import org.jspecify.annotations.NullMarked;
