/**
 * Aids for tests that know nothing of sockets. Start reading at {@link dev.headgate.testkit.Wire}, the notation in which
 * all byte scripts are written.
 *
 * <p>Threading: everything here is stateless or safe for any thread unless its class says otherwise.
 */
@NullMarked
package dev.headgate.testkit;

import org.jspecify.annotations.NullMarked;
