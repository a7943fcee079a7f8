/**
 * One request through the proxy. Start reading at {@link dev.headgate.exchange.Exchange}; the two sides that it joins are
 * {@link dev.headgate.exchange.DownstreamStream} and {@link dev.headgate.exchange.UpstreamStream}.
 *
 * <p>Threading: everything here belongs to the event loop of the downstream connection.
 */
@NullMarked
package dev.headgate.exchange;

import org.jspecify.annotations.NullMarked;
