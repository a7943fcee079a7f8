/**
 * The origin's side: endpoints, connection pools and HTTP/1.1 client sessions. Start reading at
 * {@link dev.headgate.upstream.UpstreamNode}, then {@link dev.headgate.upstream.Http1ClientSession}.
 *
 * <p>Threading: a pool and its sessions belong to one event loop; nodes are shared between loops and hold only immutable settings,
 * single-writer counters and atomic words.
 */
@NullMarked
package dev.headgate.upstream;

import org.jspecify.annotations.NullMarked;
