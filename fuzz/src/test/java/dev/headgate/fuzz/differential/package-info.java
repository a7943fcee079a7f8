/**
 * The same bytes for several programs, and what each of them understood. Start reading at
 * {@link dev.headgate.fuzz.differential.Judge}, a program between a client and an origin of the test's own; then
 * {@link dev.headgate.fuzz.differential.RequestEmissionIT}, which holds what the proxy emits against what it understood,
 * and {@link dev.headgate.fuzz.differential.SameRequestIT}, which compares how programs read a client's bytes.
 *
 * <p>Threading: everything belongs to the test's thread, except {@link dev.headgate.fuzz.differential.Ear}, which the
 * proxy's loop calls.
 */
@NullMarked
package dev.headgate.fuzz.differential;

import org.jspecify.annotations.NullMarked;
