package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.DescriptorLimitException;
import dev.headgate.engine.io.ListenSocket;
import dev.headgate.engine.io.Pollable;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.PortSharing;
import dev.headgate.engine.io.StreamSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A server socket channel. */
final class NioListenSocket implements ListenSocket {
    private final ServerSocketChannel channel;
    private final SocketAddress localAddress;
    private @Nullable SelectionKey key; // set by register

    private NioListenSocket(ServerSocketChannel channel) throws IOException {
        this.channel = channel;
        this.localAddress = channel.getLocalAddress();
    }

    static NioListenSocket bind(SocketAddress address, int backlog, int receiveBufferBytes, PortSharing sharing)
            throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            UnixSocketFile.clearStale(unix);
        }
        return bind(openFor(address), address, backlog, receiveBufferBytes, sharing);
    }

    /** Binds {@code channel}, which is this call's from here on: it is closed unless a socket is returned. */
    static NioListenSocket bind(
            ServerSocketChannel channel,
            SocketAddress address,
            int backlog,
            int receiveBufferBytes,
            PortSharing sharing)
            throws IOException {
        boolean isListening = false;
        try {
            channel.configureBlocking(false);
            if (sharing == PortSharing.SHARED) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            if (receiveBufferBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
            }
            channel.bind(address, backlog);
            NioListenSocket socket = new NioListenSocket(channel);
            isListening = true;
            return socket;
        } catch (RuntimeException e) {
            throw cannotListen(e, address);
        } catch (IOException e) {
            throw withAddress(e, address);
        } finally {
            if (!isListening) {
                channel.close();
            }
        }
    }

    private static ServerSocketChannel openFor(SocketAddress address) throws IOException {
        try {
            return ServerSocketChannel.open(NioStreamSocket.familyOf(address));
        } catch (UnsupportedOperationException e) {
            throw cannotListen(e, address);
        }
    }

    /**
     * Binds a socket that never listens. SO_REUSEADDR lets it pass connections in TIME_WAIT, as it would the real one, but not a socket
     * that listens.
     */
    static void probe(SocketAddress address) throws IOException {
        try (SocketChannel channel = SocketChannel.open(NioStreamSocket.familyOf(address))) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address);
        } catch (RuntimeException e) {
            throw cannotListen(e, address);
        } catch (IOException e) {
            throw withAddress(e, address);
        }
    }

    /** Elsewhere than on Linux the option exists but does not spread connections. */
    static boolean supportsPortSharing() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    }

    /** Channels tell some failures by unchecked exceptions; whoever listens has one way to take a failure. */
    private static IOException cannotListen(RuntimeException e, SocketAddress address) {
        return switch (e) {
            case UnresolvedAddressException unresolved ->
                new IOException("address is not resolved: " + address, unresolved);
            case UnsupportedOperationException unsupported ->
                new IOException("address family not supported: " + address, unsupported);
            default -> new IOException("cannot listen on " + address + ": " + e, e);
        };
    }

    private static IOException withAddress(IOException e, SocketAddress address) {
        if (!(e instanceof BindException)) {
            return e;
        }
        return (IOException) new BindException("cannot listen on " + address + ": " + e.getMessage()).initCause(e);
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    /** The JDK has no type for EMFILE and ENFILE, but their text. */
    static IOException shortageOrFailure(IOException e) {
        String message = e.getMessage();
        return message != null && message.contains("Too many open files")
                ? new DescriptorLimitException(message, e)
                : e;
    }

    @Override
    public @Nullable StreamSocket accept() throws IOException {
        SocketChannel accepted;
        try {
            accepted = channel.accept();
        } catch (IOException e) {
            throw shortageOrFailure(e);
        }
        if (accepted == null) {
            return null;
        }
        try {
            accepted.configureBlocking(false);
        } catch (IOException e) {
            accepted.close();
            throw e;
        }
        return new NioStreamSocket(accepted);
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
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
            if (localAddress instanceof UnixDomainSocketAddress unix) {
                UnixSocketFile.delete(unix);
            }
        } catch (IOException e) {
            // The descriptor is gone all the same, and a socket file left behind counts as stale at the next start.
        }
    }
}
