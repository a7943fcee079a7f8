/** Certificates and revocation lists that tests make for themselves. Start reading at {@link dev.headgate.tls.pki.Made}. */
@NullMarked
package dev.headgate.tls.pki;

import org.jspecify.annotations.NullMarked;
