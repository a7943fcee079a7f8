/**
 * Rare orders of events: ends that meet a full peer, deadlines under back-pressure, faults of filters. Start reading at {@link
 * dev.headgate.review.BackPressureEndIT}.
 *
 * <p>Threading: each test's thread plays the client; origins answer on threads of their own.
 */
@NullMarked
package dev.headgate.review;

import org.jspecify.annotations.NullMarked;
