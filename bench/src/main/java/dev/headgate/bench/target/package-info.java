/**
 * The programs that take the load: how each is configured, started, watched and stopped. Start reading at
 * {@link dev.headgate.bench.target.Target}.
 *
 * <p>Threading: used from one thread, but for {@link dev.headgate.bench.target.Processes}, which a signal's thread empties.
 */
@NullMarked
package dev.headgate.bench.target;

import org.jspecify.annotations.NullMarked;
