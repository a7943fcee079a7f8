/**
 * What is said about files of keys, certificates and revocation lists. Start reading at
 * {@link dev.headgate.tls.finding.Finding}.
 *
 * <p>Threading: every type is immutable.
 */
@NullMarked
package dev.headgate.tls.finding;

import org.jspecify.annotations.NullMarked;
