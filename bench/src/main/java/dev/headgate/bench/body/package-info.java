/**
 * The content that origin and generator agree on. Start reading at {@link dev.headgate.bench.body.BodyPattern}.
 *
 * <p>Threading: not thread-safe; each object belongs to one loop.
 */
@NullMarked
package dev.headgate.bench.body;

import org.jspecify.annotations.NullMarked;
