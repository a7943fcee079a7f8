/**
 * Header compression for HTTP/2 (RFC 7541). Start reading at {@link dev.headgate.http.hpack.HpackDecoder} and
 * {@link dev.headgate.http.hpack.HpackEncoder}.
 *
 * <p>Threading: nothing here is thread-safe; a decoder and an encoder belong to one connection. Buffers are lent for the
 * call. Nothing here throws for a peer's fault.
 */
@NullMarked
package dev.headgate.http.hpack;

import org.jspecify.annotations.NullMarked;
