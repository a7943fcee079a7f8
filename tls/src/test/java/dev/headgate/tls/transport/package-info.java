/** TLS on real sockets, with clients and servers of the JDK and of our own. */
@NullMarked
package dev.headgate.tls.transport;

import org.jspecify.annotations.NullMarked;
