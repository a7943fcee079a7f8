/**
 * The balancing policies. Start reading at {@link dev.headgate.balancer.policy.PowerOfTwoChoices}, the default.
 *
 * <p>Threading: a policy may be called by all loops at once; what it remembers, it keeps per loop, and only the loop whose
 * index is passed touches it.
 */
@NullMarked
package dev.headgate.balancer.policy;

import org.jspecify.annotations.NullMarked;
