/**
 * How much work an input makes, counted instead of timed. Start reading at {@link dev.headgate.fuzz.work.Work}.
 *
 * <p>Threading: the count is one for the process; tests that use it run one after the other.
 */
@NullMarked
package dev.headgate.fuzz.work;

import org.jspecify.annotations.NullMarked;
