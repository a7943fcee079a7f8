/**
 * What ties a request to an endpoint: a part of it that endpoints are picked by, or a cookie that names one. Start reading at
 * {@link dev.headgate.affinity.RequestKey} and {@link dev.headgate.affinity.StickyCookie}.
 *
 * <p>Threading: everything here is immutable, and shared by all loops.
 */
@NullMarked
package dev.headgate.affinity;

import org.jspecify.annotations.NullMarked;
