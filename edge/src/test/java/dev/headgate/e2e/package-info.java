/**
 * The whole proxy between scripted peers, over real sockets. Start reading at {@link dev.headgate.e2e.ProxySetup}, then
 * {@link dev.headgate.e2e.KeepAliveIT}.
 *
 * <p>Threading: a test owns its proxy, its origins and its clients.
 */
@NullMarked
package dev.headgate.e2e;

import org.jspecify.annotations.NullMarked;
