/**
 * What a TLS client says first, read before any TLS engine sees it: whom it wants to talk to and what it offers. Start
 * reading at {@link dev.headgate.tls.hello.ClientHelloReader}, then {@link dev.headgate.tls.hello.ClientHello}.
 *
 * <p>Threading: not thread-safe. A reader and its hello are owned by one loop, a
 * {@link dev.headgate.tls.hello.HelloScan} by one connection of that loop. Buffers are lent for the call. Nothing here does
 * I/O, reads a clock or throws for a peer's fault.
 */
@NullMarked
package dev.headgate.tls.hello;

import org.jspecify.annotations.NullMarked;
