/**
 * The proxy as a library, by example. Start reading at {@link dev.headgate.embedding.ProxyExample}.
 *
 * <p>Threading: a test owns its proxy; the example's filter is shared by all loops and keeps nothing.
 */
@NullMarked
package dev.headgate.embedding;

import org.jspecify.annotations.NullMarked;
