/**
 * Simulated runs of the whole proxy. Start reading at {@link dev.headgate.fuzz.sim.SimulatedRun}, which is one seed, then
 * {@link dev.headgate.fuzz.sim.SimulationTest}, which runs many.
 *
 * <p>Threading: a run belongs to the thread that calls it; runs do not see each other.
 */
@NullMarked
package dev.headgate.fuzz.sim;

import org.jspecify.annotations.NullMarked;
