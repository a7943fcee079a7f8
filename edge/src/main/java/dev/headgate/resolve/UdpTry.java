package dev.headgate.resolve;

import dev.headgate.engine.DatagramHandler;
import dev.headgate.engine.DatagramPort;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.DescriptorLimitException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A query in a datagram, from a port of its own: what does not come from the server to that port does not get here (RFC 5452 §9.2). */
@LoopConfined
final class UdpTry implements Question.Try, DatagramHandler {
    private final DnsQuery query;
    private final Question question;
    private @Nullable DatagramPort port;
    private boolean isOver;

    private UdpTry(DnsQuery query, Question question) {
        this.query = query;
        this.question = question;
    }

    static UdpTry start(
            Resolver resolver,
            InetSocketAddress server,
            DnsQuery query,
            DnsQuery.Extension extension,
            Question question) {
        var started = new UdpTry(query, question);
        try {
            DatagramPort port = resolver.loop().openDatagram(server, started);
            started.port = port;
            port.send(
                    resolver.encode(query, extension)); // Without room for it, it is lost: the timer knows what to do.
        } catch (DescriptorLimitException e) {
            question.onNoDescriptor();
        } catch (IOException e) {
            started.close();
            resolver.loop().defer(started::fail);
        }
        return started;
    }

    private void fail() {
        if (!isOver) {
            question.onUnreachable();
        }
    }

    @Override
    public void onDatagram(DatagramPort from, ByteBuffer datagram) {
        question.onMessage(ResponseDecoder.decode(datagram, query, ResponseDecoder.RECORDS_MAX), false);
    }

    @Override
    public void onFailed(DatagramPort from, IOException failure) {
        port = null;
        fail();
    }

    @Override
    public void cancel() {
        isOver = true;
        close();
    }

    private void close() {
        DatagramPort open = port;
        port = null;
        if (open != null) {
            open.close();
        }
    }
}
