/**
 * Turns bytes of files into what a TLS server shows: a private key and its certificate chain, both checked. Start
 * reading at {@link dev.headgate.tls.credential.CredentialReader}, which gives a
 * {@link dev.headgate.tls.credential.CredentialResult}.
 *
 * <p>Threading: every exported type is immutable or a set of pure functions, and may be used by any thread; but a look
 * costs signatures and, for encrypted keys, thousands of hashes, so never on an event loop. Nothing here opens a file,
 * reads a clock, or throws for what stands in a file.
 */
@NullMarked
package dev.headgate.tls.credential;

import org.jspecify.annotations.NullMarked;
