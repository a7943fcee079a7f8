package dev.headgate.upstream;

import dev.headgate.balancer.Picker;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.engine.Immutable;

/**
 * What attempts are picked out of until the next one is published.
 *
 * @param view endpoints and weights, of one subset
 * @param picker for requests without a key
 * @param byKey for those with one
 */
@Immutable
record Selection(UpstreamView view, Picker picker, Picker byKey) {}
