package dev.headgate.resolve;

import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A query on a connection of its own, where messages come behind their lengths (RFC 1035 §4.2.2, RFC 7766). */
@LoopConfined
final class TcpTry implements Question.Try, ConnectionHandler {
    private static final int LENGTH_BYTES = 2;

    /** Whatever length is announced, a message fits. */
    private static final SocketOptions OPTIONS = SocketOptions.DEFAULTS;

    private final Resolver resolver;
    private final DnsQuery query;
    private final DnsQuery.Extension extension;
    private final Question question;
    private @Nullable Connection connection;
    private boolean isOver;

    private TcpTry(Resolver resolver, DnsQuery query, DnsQuery.Extension extension, Question question) {
        this.resolver = resolver;
        this.query = query;
        this.extension = extension;
        this.question = question;
    }

    static TcpTry start(
            Resolver resolver,
            InetSocketAddress server,
            DnsQuery query,
            DnsQuery.Extension extension,
            Question question) {
        var started = new TcpTry(resolver, query, extension, question);
        started.connection = resolver.loop().connect(server, OPTIONS, started);
        return started;
    }

    @Override
    public void onOpen(Connection opened) {
        ByteBuffer message = resolver.encode(query, extension);
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES);
        length.putShort((short) message.remaining()).flip();
        opened.write(new ByteBuffer[] {length, message}, 2);
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        int there = bytes.remaining() - LENGTH_BYTES;
        int length = there < 0 ? 0 : bytes.getShort(bytes.position()) & 0xFFFF;
        if (isOver || there < length || there < 0) {
            return; // What is left is kept, and comes again with more.
        }
        ByteBuffer message = bytes.slice(bytes.position() + LENGTH_BYTES, length);
        bytes.position(bytes.limit());
        question.onMessage(ResponseDecoder.decode(message, query, ResponseDecoder.RECORDS_MAX), true);
    }

    @Override
    public void onClosed(Connection closed, CloseCause cause) {
        connection = null;
        if (!isOver) {
            question.onUnreachable();
        }
    }

    @Override
    public void cancel() {
        isOver = true;
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.abort();
        }
    }
}
