/**
 * What proxies make of origins that fail, as plans and figures: what happens when is a {@link dev.headgate.bench.fault.FaultScenario}, and what is
 * made of what was seen, {@link dev.headgate.bench.fault.FaultFigures}. {@link dev.headgate.bench.fault.run} does it.
 *
 * <p>Threading: values.
 */
@NullMarked
package dev.headgate.bench.fault;

import org.jspecify.annotations.NullMarked;
