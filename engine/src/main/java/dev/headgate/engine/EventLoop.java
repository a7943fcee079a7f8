package dev.headgate.engine;

import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.io.Chance;
import dev.headgate.engine.timer.TimerWheel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** One thread, one poller, one mailbox, one timer wheel, one buffer pool, and the connections that live on it. */
public interface EventLoop {
    /** From 0 to the number of loops − 1. */
    @AnyThread
    int index();

    @AnyThread
    boolean inLoop();

    /** The monotonic clock as read at the start of this cycle, in nanoseconds; compare by subtraction. */
    @LoopConfined
    long nowNs();

    /** A fresh reading of the monotonic clock (about 29 ns); for accounting only. */
    @LoopConfined
    long clockNs();

    /** Wall-clock time in milliseconds since the epoch, read at most once per cycle. */
    @LoopConfined
    long wallMs();

    @LoopConfined
    BufferPool buffers();

    @LoopConfined
    TimerWheel timers();

    @LoopConfined
    Chance chance();

    /**
     * Opens a connection; {@link AlternativeAddresses} to whichever answers first. The handler's {@code onOpen} or {@code onClosed} follows, never from inside this call.
     *
     * @return the connection, not yet open: only {@code handler}, {@code close} and {@code abort} may be called before {@code onOpen}
     */
    @LoopConfined
    Connection connect(SocketAddress address, SocketOptions options, ConnectionHandler handler);

    /**
     * Opens a UDP socket for datagrams to and from {@code peer} alone, at a port of the system's choice.
     *
     * @throws dev.headgate.engine.io.DescriptorLimitException when there is no descriptor left
     * @throws IOException when it cannot be had otherwise, for example for want of a route, or when the loop has stopped
     */
    @LoopConfined
    DatagramPort openDatagram(InetSocketAddress peer, DatagramHandler handler) throws IOException;

    /**
     * Hands a command to the loop; it runs in the loop's next cycle.
     *
     * @return false when the mailbox is full: the command was not taken
     */
    @AnyThread
    boolean execute(Runnable command);

    /**
     * Hands over the result of work that was begun for this loop elsewhere; it runs in the loop's next cycle, before commands. Unlike a command it is never
     * refused, for then its connection would wait for ever: whoever begins such work bounds how much of it there may be at a time. Once the
     * loop has stopped, results are dropped.
     */
    @AnyThread
    void complete(Runnable result);

    /** What the loop has counted since it started. */
    @AnyThread
    LoopCounters counters();

    /** Runs {@code action} in this cycle after the current handler call has returned. */
    @LoopConfined
    void defer(Runnable action);
}
