/**
 * Configuration text with positions: nodes that know where they stand, and problems that show it. Start reading at
 * {@link dev.headgate.config.source.NodeComposer}.
 *
 * <p>Threading: nodes, marks and problems are immutable; the rest belongs to the thread that reads one file.
 */
@NullMarked
package dev.headgate.config.source;

import org.jspecify.annotations.NullMarked;
