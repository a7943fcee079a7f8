/**
 * The one canonical form of a request target (RFC 3986 §6), which routing, access rules, logs and the bytes that go
 * upstream share. Start reading at {@link dev.headgate.http.uri.TargetCanonicaliser}.
 *
 * <p>Threading: stateless; the head that is worked on belongs to the caller.
 */
@NullMarked
package dev.headgate.http.uri;

import org.jspecify.annotations.NullMarked;
