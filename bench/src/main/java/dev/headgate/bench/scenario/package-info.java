/**
 * What is measured. Start reading at {@link dev.headgate.bench.scenario.Scenario}; {@link dev.headgate.bench.scenario.Plan}
 * makes the list of steps from options.
 *
 * <p>Threading: everything is immutable.
 */
@NullMarked
package dev.headgate.bench.scenario;

import org.jspecify.annotations.NullMarked;
