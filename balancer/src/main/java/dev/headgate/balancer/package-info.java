/**
 * Endpoint selection and retry budgets as pure decisions: clock and chance are arguments. Start reading at
 * {@link dev.headgate.balancer.Picker}, then {@link dev.headgate.balancer.UpstreamView}.
 *
 * <p>Threading: views, endpoints and pickers are immutable and shared. {@link dev.headgate.balancer.EndpointStats} has one
 * writer per event loop and any number of readers. {@link dev.headgate.balancer.RetryBudget} is one atomic word that every
 * loop may change. {@link dev.headgate.balancer.EndpointSet} belongs to one exchange.
 */
@NullMarked
package dev.headgate.balancer;

import org.jspecify.annotations.NullMarked;
