/**
 * The balancing policies. Start reading at {@link dev.headgate.balancer.policy.PowerOfTwoChoices}, the default.
 *
 * <p>{@link dev.headgate.balancer.policy.RoundRobin} takes turns, {@link dev.headgate.balancer.policy.RandomChoice} draws,
 * {@link dev.headgate.balancer.policy.LeastRequests} looks at the load of all, {@link
 * dev.headgate.balancer.policy.PeakEwma} at the latency of two; {@link dev.headgate.balancer.policy.Maglev} and {@link
 * dev.headgate.balancer.policy.Rendezvous} keep keys where they are.
 *
 * <p>Threading: pickers are called by all loops at once. They are immutable; what a policy remembers (of round robin, where a loop
 * is), it keeps per loop, and only the loop whose index is passed touches it.
 */
@NullMarked
package dev.headgate.balancer.policy;

import org.jspecify.annotations.NullMarked;
