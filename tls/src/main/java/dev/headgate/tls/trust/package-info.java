/**
 * Whom a peer must be vouched for by: trust anchors and revocation lists out of files, and a JDK trust manager that judges by
 * them. Start reading at {@link dev.headgate.tls.trust.TrustReader}, then {@link dev.headgate.tls.trust.PeerTrust}.
 *
 * <p>Threading: every exported type is immutable or a set of pure functions, and may be used by any thread; but reading and
 * judging cost signatures, so never on an event loop. Nothing here opens a file or a connection, whatever addresses stand in
 * a certificate, or throws for what stands in a file.
 */
@NullMarked
package dev.headgate.tls.trust;

import org.jspecify.annotations.NullMarked;
