/**
 * TLS between a socket and a handler: a {@link dev.headgate.engine.Connection} of plain bytes over one of records. Start reading at
 * {@link dev.headgate.tls.transport.TlsServer}, then {@code TlsConnection}, {@code Handshake}, {@code RecordReader} and
 * {@code RecordWriter}.
 *
 * <p>Threading: all of a connection belongs to its loop. Only what an {@code SSLEngine} calls a delegated task runs elsewhere, in the
 * bounded pool of the {@link dev.headgate.tls.transport.TlsRuntime}; nothing else touches the engine meanwhile.
 */
@NullMarked
package dev.headgate.tls.transport;

import org.jspecify.annotations.NullMarked;
