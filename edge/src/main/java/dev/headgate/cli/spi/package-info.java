/**
 * Commands that other modules bring to the {@code headgate} program. Start reading at
 * {@link dev.headgate.cli.spi.FurtherCommand}.
 *
 * <p>Threading: a command runs on the main thread and ends the program by returning.
 */
@NullMarked
package dev.headgate.cli.spi;

import org.jspecify.annotations.NullMarked;
