/**
 * A very cheap origin for HTTP/1.1 and HTTP/2, so that it is never the bottleneck. Start reading at {@link dev.headgate.bench.origin.FastOrigin}.
 *
 * <p>Threading: a session belongs to the loop of its connection; counters have one writer each.
 */
@NullMarked
package dev.headgate.bench.origin;

import org.jspecify.annotations.NullMarked;
