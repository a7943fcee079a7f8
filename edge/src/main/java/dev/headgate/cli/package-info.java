/**
 * The {@code headgate} command. Start reading at {@link dev.headgate.cli.Program}.
 *
 * <p>Threading: commands run on the main thread, which then waits for the proxy to end; a signal arrives on a thread of the
 * JVM and hands the draining to one of its own.
 */
@NullMarked
package dev.headgate.cli;

import org.jspecify.annotations.NullMarked;
