package dev.headgate.tls.transport;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.tls.hello.ClientHelloReader;

/** What all TLS connections of one loop share: packet buffers belong to the loop, so that an idle connection has none. */
@LoopConfined
final class TlsLoop {
    /** No record is longer on the wire: 2^14 bytes, and what protection, its header and the versions' play add (RFC 5246 §6.2.3). */
    static final int RECORD_BYTES_MAX = 16 * 1024 + 2 * 1024 + 5;

    /** The plain bytes of one record (RFC 8446 §5.1). */
    static final int PLAIN_BYTES_MAX = 16 * 1024;

    final EventLoop loop;
    final TlsOptions options;
    final HandshakePool handshakes; // that clients begin
    final HandshakePool ownHandshakes; // that we begin: a flood of clients must not keep us from origins
    final RecordReader reader;
    final RecordWriter writer;
    final PlainInput input;
    final PlainOutput output;
    final ClientHelloReader hellos;

    TlsLoop(EventLoop loop, TlsOptions options, HandshakePool handshakes, HandshakePool ownHandshakes) {
        this.loop = loop;
        this.options = options;
        this.handshakes = handshakes;
        this.ownHandshakes = ownHandshakes;
        this.input = new PlainInput(loop);
        this.writer = new RecordWriter(loop);
        int controlRecordsMax = options.controlRecordsMax();
        int handshakeRecordsMax = options.helloLimits().recordCount() + controlRecordsMax;
        this.reader = new RecordReader(loop, input, writer, controlRecordsMax, handshakeRecordsMax);
        this.output = new PlainOutput(loop, writer);
        this.hellos = new ClientHelloReader(options.helloLimits());
    }
}
