/**
 * The proxy as a library. Start reading at {@link dev.headgate.Headgate}.
 *
 * <p>Threading: everything here may be called from any thread.
 */
@NullMarked
package dev.headgate;

import org.jspecify.annotations.NullMarked;
