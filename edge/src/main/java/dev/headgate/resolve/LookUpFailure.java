package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import dev.headgate.observe.DnsFailure;

/**
 * That a look-up has brought nothing.
 *
 * @param retryNs after which time asking again makes sense: of a name that is not there, how long that holds
 */
@Immutable
public record LookUpFailure(DnsFailure kind, long retryNs) {}
