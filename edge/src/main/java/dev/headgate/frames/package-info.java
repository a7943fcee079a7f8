/** What sessions of HTTP/2 share, towards clients and towards origins: where frames gather, and content that cannot be passed on yet. */
@NullMarked
package dev.headgate.frames;

import org.jspecify.annotations.NullMarked;
