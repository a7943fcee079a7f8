/**
 * The ledger of threats: which row is proven by which test, as {@code docs/security.md} shows it. Start reading at {@link
 * dev.headgate.fuzz.threats.ThreatLedgerTest}.
 *
 * <p>Threading: none; files are read once.
 */
@NullMarked
package dev.headgate.fuzz.threats;

import org.jspecify.annotations.NullMarked;
