/**
 * Plays faults: four origins in processes of their own, of which some are killed, stopped or misbehave while requests go on at a fixed rate.
 * Start reading at {@link dev.headgate.bench.fault.run.FaultBench}.
 *
 * <p>Threading: the caller's thread gives the load and waits for it; meanwhile one thread makes the faults
 * ({@link dev.headgate.bench.fault.run.Director}) and one reads counters ({@link dev.headgate.bench.fault.run.Sampler}).
 */
@NullMarked
package dev.headgate.bench.fault.run;

import org.jspecify.annotations.NullMarked;
