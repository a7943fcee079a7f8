/**
 * What files of keys and certificates are written in: PEM, DER, and what one look at them finds. Start reading at
 * {@link dev.headgate.tls.encoding.PemReader}.
 *
 * <p>Threading: what collects belongs to one look, everything else is immutable. Not exported: what other modules see of
 * it is in {@link dev.headgate.tls.finding}.
 */
@NullMarked
package dev.headgate.tls.encoding;

import org.jspecify.annotations.NullMarked;
