/**
 * HTTP/1.1 on the wire (RFC 9112): bytes to heads and bodies, and back. Start reading at
 * {@link dev.headgate.http.h1.RequestHeadDecoder}, then {@link dev.headgate.http.h1.BodyDecoder} and
 * {@link dev.headgate.http.h1.RequestEncoder}.
 *
 * <p>Threading: head decoders and encoders keep no state and may be shared; a {@link dev.headgate.http.h1.BodyDecoder}
 * belongs to one connection. Buffers are lent for the call.
 */
@NullMarked
package dev.headgate.http.h1;

import org.jspecify.annotations.NullMarked;
