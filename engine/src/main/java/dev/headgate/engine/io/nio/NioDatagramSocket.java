package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** A connected datagram channel. The system picks the local port, at random where it does so by RFC 6056. */
final class NioDatagramSocket implements DatagramSocket {
    private final DatagramChannel channel;

    private NioDatagramSocket(DatagramChannel channel) {
        this.channel = channel;
    }

    static NioDatagramSocket connect(InetSocketAddress peer) throws IOException {
        DatagramChannel channel = open(peer);
        boolean isConnected = false;
        try {
            channel.configureBlocking(false);
            channel.connect(peer);
            isConnected = true;
            return new NioDatagramSocket(channel);
        } catch (UnresolvedAddressException e) {
            throw new IOException("address is not resolved: " + peer, e);
        } catch (RuntimeException e) {
            // A port of 0, or an address that the family does not take: the channel's way to say no.
            throw new IOException("cannot send to " + peer, e);
        } finally {
            if (!isConnected) {
                channel.close();
            }
        }
    }

    private static DatagramChannel open(InetSocketAddress peer) throws IOException {
        try {
            return DatagramChannel.open(NioStreamSocket.familyOf(peer));
        } catch (UnsupportedOperationException e) {
            throw new IOException("address family not supported: " + peer, e);
        } catch (IOException e) {
            throw NioListenSocket.shortageOrFailure(e);
        }
    }

    @Override
    public boolean send(ByteBuffer datagram) throws IOException {
        int length = datagram.remaining();
        boolean isSent = channel.write(datagram) == length;
        datagram.position(datagram.limit());
        return isSent;
    }

    /** An empty datagram and none look alike in {@code read}; whom the datagram is from tells them apart. */
    @Override
    public int receive(ByteBuffer target) throws IOException {
        int start = target.position();
        return channel.receive(target) == null ? NOTHING : target.position() - start;
    }

    @Override
    public void register(Poller poller, Pollable pollable, int ops) throws IOException {
        ((NioPoller) poller).register(channel, ops, pollable);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone all the same, and there is nobody whom the failure would help.
        }
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        try {
            return channel.getLocalAddress();
        } catch (IOException e) {
            return null; // Closed.
        }
    }
}
