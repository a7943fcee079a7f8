/**
 * How much an upstream is asked for: limits of what is under way, a breaker that stops asking, and a limit that adapts. Start
 * reading at {@link dev.headgate.balancer.breaker.CircuitBreaker}, then {@link dev.headgate.balancer.breaker.Limits}.
 *
 * <p>Threading: what loops call is said to be for loops; it allocates nothing, takes no lock, and when all is well no loop
 * writes where another one does. All else belongs to whoever decides about the upstream, one thread. Clock and chance are
 * arguments: a {@code random} is 64 random bits, a {@code nowNs} the monotonic clock.
 */
@NullMarked
package dev.headgate.balancer.breaker;

import org.jspecify.annotations.NullMarked;
