package dev.headgate.testkit.peer;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One blocking socket, TCP or Unix, whose calls fail instead of blocking for longer than the deadline. */
final class WireSocket implements Closeable {
    private static final ScheduledThreadPoolExecutor WATCHDOG = watchdog();

    private final SocketChannel channel;
    private volatile Duration timeout;
    private volatile boolean expired;

    WireSocket(SocketChannel channel, Duration timeout) throws IOException {
        this.channel = channel;
        this.timeout = timeout;
        if (isTcp()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    private static ScheduledThreadPoolExecutor watchdog() {
        var executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("testkit-watchdog").factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    static WireSocket connect(SocketAddress address, Duration timeout) throws IOException {
        return connect(address, timeout, 0);
    }

    /** With 0 the system chooses the receive buffer. */
    static WireSocket connect(SocketAddress address, Duration timeout, int receiveBufferBytes) throws IOException {
        var family =
                address instanceof UnixDomainSocketAddress ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
        var socket = new WireSocket(SocketChannel.open(family), timeout);
        if (receiveBufferBytes > 0) {
            socket.channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
        }
        var alarm = socket.arm();
        try {
            socket.channel.connect(address);
        } catch (IOException e) {
            socket.close();
            throw socket.explain("connect to " + address, e);
        } finally {
            alarm.cancel(false);
        }
        return socket;
    }

    int localPort() {
        return channel.socket().getLocalPort();
    }

    void timeout(Duration timeout) {
        this.timeout = timeout;
    }

    /** Number of bytes read, or -1 at the end of the stream. */
    int read(ByteBuffer target) throws IOException {
        var alarm = arm();
        try {
            return channel.read(target);
        } catch (IOException e) {
            throw explain("read", e);
        } finally {
            alarm.cancel(false);
        }
    }

    void write(ByteBuffer source) throws IOException {
        var alarm = arm();
        try {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        } catch (IOException e) {
            throw explain("write", e);
        } finally {
            alarm.cancel(false);
        }
    }

    /** True when the kernel holds bytes that nobody has read yet. */
    boolean hasUnreadBytes() {
        try {
            return isTcp()
                    && channel.isOpen()
                    && channel.socket().getInputStream().available() > 0;
        } catch (IOException _) {
            // A closed socket has nothing left to be read.
            return false;
        }
    }

    void halfClose() throws IOException {
        channel.shutdownOutput();
    }

    /** Closes with a reset instead of an orderly end. */
    void reset() throws IOException {
        if (!isTcp()) {
            throw new IllegalStateException("a Unix-domain socket has no reset");
        }
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing depends on how a test's own socket ends.
        }
    }

    private boolean isTcp() {
        return channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
    }

    private ScheduledFuture<?> arm() {
        return WATCHDOG.schedule(this::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire() {
        expired = true;
        close();
    }

    private IOException explain(String call, IOException failure) {
        if (expired && failure instanceof AsynchronousCloseException) {
            return new DeadlineException(call + " took longer than " + timeout);
        }
        return failure;
    }

    /** A call did not return in time. */
    static final class DeadlineException extends SocketTimeoutException {
        private static final long serialVersionUID = 1L;

        DeadlineException(String message) {
            super(message);
        }
    }
}
