/**
 * What the generator's HTTP/2 clients and the origin's HTTP/2 sessions share beside where frames gather: content that is sent within windows.
 * Start reading at {@link dev.headgate.bench.frames.StreamContent}.
 *
 * <p>Threading: everything belongs to the loop of its connection.
 */
@NullMarked
package dev.headgate.bench.frames;

import org.jspecify.annotations.NullMarked;
