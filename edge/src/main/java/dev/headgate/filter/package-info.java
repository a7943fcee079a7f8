/**
 * Code of the embedder's on the way of a request and its response. Start reading at {@link dev.headgate.filter.Filter}.
 *
 * <p>Threading: a filter is shared by all loops and keeps nothing of an exchange in its own fields; every call comes on the loop of the
 * exchange.
 */
@NullMarked
package dev.headgate.filter;

import org.jspecify.annotations.NullMarked;
