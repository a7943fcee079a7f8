package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.OpenFile;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** A socket channel and its key: two references, because idle connections are counted by the ten thousand. */
final class NioStreamSocket implements StreamSocket {
    private final SocketChannel channel;
    private @Nullable SelectionKey key; // set by register

    NioStreamSocket(SocketChannel channel) {
        this.channel = channel;
    }

    static NioStreamSocket connect(
            SocketAddress address, @Nullable SocketAddress local, int sendBufferBytes, int receiveBufferBytes)
            throws IOException {
        return connect(openFor(address), address, local, sendBufferBytes, receiveBufferBytes);
    }

    /** Connects {@code channel}, which is this call's from here on: it is closed unless a socket is returned. */
    static NioStreamSocket connect(
            SocketChannel channel,
            SocketAddress address,
            @Nullable SocketAddress local,
            int sendBufferBytes,
            int receiveBufferBytes)
            throws IOException {
        boolean isBegun = false;
        try {
            channel.configureBlocking(false);
            if (sendBufferBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBufferBytes);
            }
            if (receiveBufferBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            }
            if (local != null) {
                channel.bind(local);
            }
            channel.connect(address);
            isBegun = true;
            return new NioStreamSocket(channel);
        } catch (UnresolvedAddressException e) {
            throw new IOException(
                    "address is not resolved: " + (local == null ? address : local + " or " + address), e);
        } catch (RuntimeException e) {
            // Addresses of different families, an option that the system does not have: the channel's way to say no.
            throw new IOException("cannot connect to " + address + (local == null ? "" : " from " + local), e);
        } catch (IOException e) {
            throw refusalOrFailure(e);
        } finally {
            if (!isBegun) {
                channel.close();
            }
        }
    }

    private static SocketChannel openFor(SocketAddress address) throws IOException {
        try {
            return SocketChannel.open(familyOf(address));
        } catch (UnsupportedOperationException e) {
            throw new IOException("address family not supported: " + address, e);
        }
    }

    /** IPv4 addresses get IPv4 sockets: otherwise 0.0.0.0 would listen on IPv6 as well. */
    static ProtocolFamily familyOf(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return StandardProtocolFamily.UNIX;
        }
        boolean v4 = address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address;
        return v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /** The JDK throws ConnectException for timeouts too; the seam promises it for refusals alone. */
    private static IOException refusalOrFailure(IOException e) {
        String message = e.getMessage();
        boolean refused = message != null && message.startsWith("Connection refused");
        if (refused == e instanceof ConnectException) {
            return e;
        }
        return refused ? (IOException) new ConnectException(message).initCause(e) : new IOException(message, e);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int count) throws IOException {
        return channel.write(sources, 0, count);
    }

    @Override
    public long sendFile(OpenFile file, long offsetBytes, long lengthBytes) throws IOException {
        return ((NioOpenFile) file).transferTo(channel, offsetBytes, lengthBytes);
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean finishConnect() throws IOException {
        try {
            return channel.finishConnect();
        } catch (IOException e) {
            throw refusalOrFailure(e);
        }
    }

    @Override
    public void sendAtOnce() throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    @Override
    public void sendBufferBytes(int bytes) throws IOException {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, bytes);
    }

    @Override
    public void register(Poller poller, Pollable pollable, int ops) throws IOException {
        key = ((NioPoller) poller).register(channel, ops, pollable);
    }

    @Override
    public void interest(int ops) {
        SelectionKey registered = key;
        if (registered != null && registered.isValid()) {
            registered.interestOps(ops);
        }
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
    public void reset() {
        try {
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // Already broken; closing is all that is left.
        }
        close();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        try {
            return channel.getRemoteAddress();
        } catch (IOException e) {
            return null; // Closed.
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
