/**
 * What is known about the endpoints of an upstream, and what weight each gets from it. Start reading at
 * {@link dev.headgate.balancer.health.Weighing}, to which everything else here leads: active checks
 * ({@link dev.headgate.balancer.health.HealthState}), what traffic shows
 * ({@link dev.headgate.balancer.health.Consecutive}, {@link dev.headgate.balancer.health.Outliers}), ejection
 * ({@link dev.headgate.balancer.health.Ejector}) and the ramp of new and recovered endpoints
 * ({@link dev.headgate.balancer.health.SlowStart}).
 *
 * <p>Threading: {@code Consecutive} is one atomic word that every loop may change. All else is owned by whoever decides
 * about the upstream, one thread, and may allocate. Clock and chance are arguments: a {@code random} is 64 random bits, a
 * {@code nowNs} the monotonic clock.
 */
@NullMarked
package dev.headgate.balancer.health;

import org.jspecify.annotations.NullMarked;
