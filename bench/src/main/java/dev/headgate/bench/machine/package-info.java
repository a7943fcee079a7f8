/**
 * The machine that everything runs on, as {@code /proc} and {@code /sys} tell of it. Start reading at
 * {@link dev.headgate.bench.machine.ProcFiles}. Where there is no such file, the answer is empty: systems other than Linux
 * measure without processor time and memory.
 *
 * <p>Threading: everything is immutable or reads files anew.
 */
@NullMarked
package dev.headgate.bench.machine;

import org.jspecify.annotations.NullMarked;
