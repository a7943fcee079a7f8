/**
 * The I/O seam over {@code java.nio}: the only one in production. Start reading at {@link dev.headgate.engine.io.nio.NioIo}.
 *
 * <p>Threading: as {@link dev.headgate.engine.io} says.
 */
@NullMarked
package dev.headgate.engine.io.nio;

import org.jspecify.annotations.NullMarked;
