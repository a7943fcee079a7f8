/**
 * What was measured, and the arithmetic on it. Start reading at {@link dev.headgate.bench.result.Results}.
 *
 * <p>Threading: values are immutable; {@code Histogram}s are owned by their record and not changed once it is made.
 */
@NullMarked
package dev.headgate.bench.result;

import org.jspecify.annotations.NullMarked;
