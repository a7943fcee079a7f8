/**
 * The run itself: who takes part, what is measured when. Start reading at {@link dev.headgate.bench.run.Bench}.
 *
 * <p>Threading: one thread; programs that take part are processes of their own.
 */
@NullMarked
package dev.headgate.bench.run;

import org.jspecify.annotations.NullMarked;
