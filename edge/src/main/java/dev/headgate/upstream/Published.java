package dev.headgate.upstream;

import dev.headgate.affinity.StickyCookie;
import dev.headgate.engine.Immutable;
import dev.headgate.exchange.Cause;
import org.jspecify.annotations.Nullable;

/**
 * An upstream as loops see it until the next one is published.
 *
 * @param endpoints by slot; those that are not in a selection any more as long as something of them goes on
 * @param selections what attempts are picked out of, by subset
 * @param stickyCookie whose values name endpoints of the selections; null where there is none
 * @param whyNone what to say when none is picked
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // read on each request; nobody writes to them
record Published(
        @Nullable EndpointNode[] endpoints,
        Selection[] selections,
        @Nullable StickyCookie stickyCookie,
        Cause whyNone) {}
