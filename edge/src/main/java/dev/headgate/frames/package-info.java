/**
 * What sessions of HTTP/2 share, towards clients and towards origins: where frames gather, content that cannot be passed on yet, and streams
 * as sides of tunnels.
 */
@NullMarked
package dev.headgate.frames;

import org.jspecify.annotations.NullMarked;
