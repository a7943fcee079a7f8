/**
 * From configuration records to running objects. Start reading at {@link dev.headgate.graph.ProxySnapshot}, then
 * {@link dev.headgate.graph.GraphBuilder}.
 *
 * <p>Threading: a snapshot is immutable and shared by all loops.
 */
@NullMarked
package dev.headgate.graph;

import org.jspecify.annotations.NullMarked;
