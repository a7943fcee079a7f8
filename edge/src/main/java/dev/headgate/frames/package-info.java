/**
 * What sessions of HTTP/2 share, towards clients and towards origins: where frames gather, content that cannot be passed on yet, and streams
 * as sides of tunnels. Start reading at {@link dev.headgate.frames.FrameOutbox}.
 *
 * <p>Threading: everything here belongs to the loop of its connection.
 */
@NullMarked
package dev.headgate.frames;

import org.jspecify.annotations.NullMarked;
