/**
 * The balancer agent: the one who decides about endpoints. Start reading at {@link dev.headgate.balance.BalancerAgent}, then
 * {@link dev.headgate.balance.UpstreamKeeper}.
 *
 * <p>Threading: one thread runs the agent and owns its keepers with all that they remember. Loops and commands reach it by a bounded queue, and
 * read the immutable selections that it publishes to {@link dev.headgate.upstream.UpstreamNode}.
 */
@NullMarked
package dev.headgate.balance;

import org.jspecify.annotations.NullMarked;
