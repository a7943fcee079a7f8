/** Tunnels over real sockets: listeners for TCP, and TLS that is passed through. */
@NullMarked
package dev.headgate.tunnel;

import org.jspecify.annotations.NullMarked;
