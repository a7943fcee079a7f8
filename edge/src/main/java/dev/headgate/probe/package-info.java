/**
 * Active health checks: one connection of its own for each check, apart from pools and exchanges. Start reading at
 * {@link dev.headgate.probe.Probe}, then {@link dev.headgate.probe.ProbePlan}.
 *
 * <p>Threading: a {@link dev.headgate.probe.Probe} and its conversation are confined to the loop on which it was started; plans are immutable and
 * shared.
 */
@NullMarked
package dev.headgate.probe;

import org.jspecify.annotations.NullMarked;
