/**
 * TLS as the configuration has it: certificates out of files, listeners and upstreams that speak it, and what counters and logs hear of it.
 * Start reading at {@link dev.headgate.secure.ListenerSecurity} and {@link dev.headgate.secure.UpstreamSecurity}.
 *
 * <p>Threading: files are read by whoever starts the proxy; what runs is shared by all loops.
 */
@NullMarked
package dev.headgate.secure;

import org.jspecify.annotations.NullMarked;
