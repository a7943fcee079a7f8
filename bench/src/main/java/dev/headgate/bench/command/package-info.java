/**
 * The {@code headgate bench} command: its options and their checks. Start reading at
 * {@link dev.headgate.bench.command.BenchCommand}.
 *
 * <p>Threading: runs on the main thread.
 */
@NullMarked
package dev.headgate.bench.command;

import org.jspecify.annotations.NullMarked;
