/**
 * The compiled route table: which route takes a request, by host and canonical path. Start reading at
 * {@link dev.headgate.route.RouteTable}; its patterns are those of the configuration, {@link dev.headgate.config.HostPattern}
 * and {@link dev.headgate.config.PathPattern}.
 *
 * <p>Threading: a built table and all patterns are immutable and shared by every loop; a builder belongs to its caller.
 */
@NullMarked
package dev.headgate.route;

import org.jspecify.annotations.NullMarked;
