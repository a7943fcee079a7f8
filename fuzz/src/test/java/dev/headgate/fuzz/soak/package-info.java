/**
 * Mixed load for minutes or hours, with everything watched that could leak. Start reading at {@link dev.headgate.fuzz.soak.SoakRun}; {@link
 * dev.headgate.fuzz.soak.SoakTest} says how to run it by hand.
 *
 * <p>Threading: each client and each connection of an origin is a virtual thread of its own; what they share says so.
 */
@NullMarked
package dev.headgate.fuzz.soak;

import org.jspecify.annotations.NullMarked;
