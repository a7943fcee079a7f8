package dev.headgate.engine.loop;

import dev.headgate.engine.AlternativeAddresses;
import dev.headgate.engine.AnyThread;
import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.DatagramHandler;
import dev.headgate.engine.DatagramPort;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopCounters;
import dev.headgate.engine.SocketOptions;
import dev.headgate.engine.buffer.BufferPool;
import dev.headgate.engine.buffer.MemoryBudget;
import dev.headgate.engine.io.Chance;
import dev.headgate.engine.io.Clock;
import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.DescriptorLimitException;
import dev.headgate.engine.io.DutyCycle;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.Poller;
import dev.headgate.engine.io.ReserveDescriptor;
import dev.headgate.engine.io.Runner;
import dev.headgate.engine.io.StreamSocket;
import dev.headgate.engine.timer.Timer;
import dev.headgate.engine.timer.TimerWheel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The event loop: a duty cycle that polls, then runs commands, timers, deferred calls and closes, in this order.
 *
 * <p>What a poll tells of is read first, then delivered, and what that wrote is sent in the end, each for many connections in a row: the
 * code of the kernel and that of the handlers come in turns once per batch and not once per request.
 */
public final class LoopCore implements EventLoop, DutyCycle, TimerWheel.Boundary {
    private static final int TIMER_SLOTS = 1024; // one turn is 17 s at the default tick

    private final int index;
    private final Io io;
    private final Clock clock;
    private final int workBudget;
    private final long busyPollNs;
    private final Runner runner;

    // Shared with other threads.
    private final LoopMailbox mailbox;
    private final CounterCells counters = new CounterCells();
    private volatile boolean stopping;

    // The loop's own.
    private final Poller poller;
    private final BufferPool buffers;
    private final TimerWheel timers;
    private final Chance chance;
    private final FailureReports failures;
    final LoopReader reader;
    final LoopWriter writer;
    final ReserveDescriptor reserve;
    private final ConnectionList connections = new ConnectionList();
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final Set<UdpPort> ports =
            new LinkedHashSet<>(); // in the order of their opening, as all that a run can see
    private final ArrayDeque<Object> deferred = new ArrayDeque<>(); // Runnable, or TcpConnection with something owed
    private final ArrayDeque<TcpConnection> ending = new ArrayDeque<>();
    private boolean inCycle; // nowNs is this cycle's
    private long nowNs;
    private boolean isWallRead;
    private long wallMs;

    public LoopCore(int index, EngineOptions options, MemoryBudget budget) throws IOException {
        this.index = index;
        this.io = options.io();
        this.clock = io.clock();
        this.workBudget = options.workBudget();
        this.busyPollNs = options.busyPollNs();
        this.poller = io.openPoller();
        this.mailbox = new LoopMailbox(poller, options.mailboxCapacity());
        this.runner = io.runner(options.threadNamePrefix() + "-" + index, this, 0);
        this.buffers = new BufferPool(budget, options.slabBytes(), runner::isCurrent);
        this.nowNs = clock.monotonicNs();
        this.timers = new TimerWheel(nowNs, options.timerTickNs(), TIMER_SLOTS, workBudget, this);
        this.chance = io.chance(index);
        this.failures = new FailureReports(index, options.errorListener(), counters);
        this.reader = new LoopReader(this, options.readBufferBytes(), options.readsPerConnectionPerCycleMax());
        this.writer = new LoopWriter(this, options.corkBytes(), options.copyMaxBytes());
        this.reserve = io.reserveDescriptor();
    }

    // ---- life

    @AnyThread
    public void start() {
        runner.start();
    }

    /** Undoes construction of a loop that never starts. */
    public void discard() {
        reserve.giveUp();
        poller.close();
    }

    @AnyThread
    public void stop() {
        stopping = true;
        mailbox.offerControl(() -> {}); // Ends the wait.
    }

    @AnyThread
    public boolean awaitTermination(long timeoutNs) throws InterruptedException {
        return runner.awaitTermination(timeoutNs);
    }

    @Override
    public int doWork(long cycleNs) {
        if (stopping) {
            shutDown();
            return DONE;
        }
        return runCycle(Poller.FOREVER);
    }

    @Override
    public void onFailure(Throwable failure) {
        failures.report("loop", failure);
    }

    private void shutDown() {
        beginCycle();
        while (runCommands() > 0) {
            writer.flush(); // The producers are refused by now, so this ends.
        }
        List.copyOf(acceptors).forEach(Acceptor::close);
        for (TcpConnection c = connections.first(); c != null; c = c.nextInLoop) {
            c.end(CloseCause.LOOP_STOPPED);
        }
        List.copyOf(ports).forEach(port -> port.fail(new IOException("the loop has stopped")));
        // What onClosed defers still runs; connections that it opens end at once, for the loop is stopping.
        while (runDeferred() + runEndings() > 0) {
            writer.flush();
        }
        reserve.giveUp();
        poller.close();
    }

    // ---- one cycle

    /** Runs one cycle, waiting for events at most {@code maxWaitNs}; answers how much was done. */
    public int runCycle(long maxWaitNs) {
        inCycle = false;
        int work = poll(waitNs(maxWaitNs));
        beginCycle();
        reader.deliver();
        writer.flush();
        work += runCommands();
        work += timers.advance(nowNs);
        writer.flush(); // What fails or gets room here is told of in this cycle's deferred calls.
        work += runDeferred();
        writer.flush();
        work += runEndings();
        writer.flush(); // The next poll may wait for long.
        counters.increment(CounterCells.CYCLES);
        return work;
    }

    private long waitNs(long maxWaitNs) {
        boolean isWorkLeft = !deferred.isEmpty() || !ending.isEmpty() || stopping;
        return isWorkLeft ? 0 : Math.min(maxWaitNs, timers.nextPollTimeoutNs(nowNs));
    }

    private int poll(long waitNs) {
        if (waitNs <= 0) {
            return poller.poll(0);
        }
        if (busyPollNs > 0) {
            int told = spin(Math.min(waitNs, busyPollNs));
            if (told > 0 || !mailbox.isEmpty()) {
                return told;
            }
        }
        mailbox.fallAsleep();
        int told = poller.poll(mailbox.isEmpty() ? waitNs : 0);
        mailbox.awake();
        return told;
    }

    private int spin(long spinNs) {
        long beginNs = clock.monotonicNs();
        int told;
        do {
            told = poller.poll(0);
        } while (told == 0 && mailbox.isEmpty() && clock.monotonicNs() - beginNs < spinNs);
        return told;
    }

    /** Reads the clock once per cycle: at the first event, which is told from inside the poll, or after a poll without any. */
    void beginCycle() {
        if (!inCycle) {
            inCycle = true;
            isWallRead = false;
            nowNs = clock.monotonicNs();
            mailbox.awake();
        }
    }

    private int runCommands() {
        int work = 0;
        Runnable command;
        while (work < workBudget && (command = mailbox.poll()) != null) {
            run("command", command);
            work++;
        }
        return work;
    }

    private int runDeferred() {
        int work = 0;
        Object next;
        while (work < workBudget && (next = deferred.poll()) != null) {
            if (next instanceof TcpConnection connection) {
                connection.runOwed();
            } else {
                run("deferred", (Runnable) next);
            }
            work++;
        }
        return work;
    }

    private int runEndings() {
        int work = 0;
        TcpConnection connection;
        while (work < workBudget && (connection = ending.poll()) != null) {
            finish(connection);
            work++;
        }
        return work;
    }

    private void finish(TcpConnection connection) {
        try {
            connection.finish();
        } catch (Throwable failure) {
            failures.report("close", failure);
        }
    }

    private void run(String where, Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            failures.report(where, failure);
        }
    }

    @Override
    public void afterDeadline(Timer timer, @Nullable Throwable failure) {
        if (failure != null) {
            failures.report("timer", failure);
        }
    }

    void reportFailure(String where, Throwable failure) {
        failures.report(where, failure);
    }

    // ---- for connections and acceptors

    Poller poller() {
        return poller;
    }

    CounterCells cells() {
        return counters;
    }

    void enqueueOwed(TcpConnection connection) {
        deferred.add(connection);
    }

    void enqueueEnding(TcpConnection connection) {
        ending.add(connection);
    }

    void adopt(TcpConnection connection) {
        connections.add(connection);
    }

    void forget(TcpConnection connection) {
        connections.remove(connection);
        counters.increment(CounterCells.CLOSED);
    }

    void addAcceptor(Acceptor acceptor) {
        acceptors.add(acceptor);
    }

    void removeAcceptor(Acceptor acceptor) {
        acceptors.remove(acceptor);
    }

    /** Hands over a command of the engine itself, which is never refused. */
    @AnyThread
    void control(Runnable command) {
        mailbox.offerControl(command);
    }

    boolean isStopping() {
        return stopping;
    }

    // ---- EventLoop

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLoop() {
        return runner.isCurrent();
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long clockNs() {
        return clock.monotonicNs();
    }

    @Override
    public long wallMs() {
        if (!isWallRead) {
            isWallRead = true;
            wallMs = clock.wallMs();
        }
        return wallMs;
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public TimerWheel timers() {
        return timers;
    }

    @Override
    public Chance chance() {
        return chance;
    }

    @Override
    public LoopCounters counters() {
        return counters;
    }

    @Override
    public Connection connect(SocketAddress address, SocketOptions options, ConnectionHandler handler) {
        assert inLoop();
        counters.increment(CounterCells.OPENED);
        StreamSocket socket = NoSocket.INSTANCE;
        CloseCause failure = stopping ? CloseCause.LOOP_STOPPED : null;
        try {
            if (!stopping) {
                socket = address instanceof AlternativeAddresses alternatives
                        ? new ConnectRace(this, alternatives, options)
                        : connectSocket(address, options);
            }
        } catch (ConnectException e) {
            failure = CloseCause.CONNECT_REFUSED;
        } catch (IOException e) {
            failure = CloseCause.CONNECT_FAILED;
        }
        TcpConnection connection = new TcpConnection(this, socket, options, handler, null);
        adopt(connection);
        if (failure != null) {
            connection.end(failure);
        } else {
            connection.beginConnect();
        }
        return connection;
    }

    StreamSocket connectSocket(SocketAddress address, SocketOptions options) throws IOException {
        return io.connect(address, options.localAddress(), options.sendBufferBytes(), options.receiveBufferBytes());
    }

    @Override
    public DatagramPort openDatagram(InetSocketAddress peer, DatagramHandler handler) throws IOException {
        assert inLoop();
        if (stopping) {
            throw new IOException("the loop has stopped");
        }
        DatagramSocket socket;
        try {
            socket = io.openDatagram(peer);
        } catch (DescriptorLimitException e) {
            counters.increment(CounterCells.DESCRIPTOR_SHORTAGES);
            throw e;
        }
        UdpPort port = new UdpPort(this, socket, handler);
        ports.add(port);
        try {
            port.open();
        } catch (IOException e) {
            port.close();
            throw e;
        }
        return port;
    }

    void forget(UdpPort port) {
        ports.remove(port);
    }

    @Override
    public boolean execute(Runnable command) {
        if (!stopping && mailbox.offer(command)) {
            return true;
        }
        counters.onMailboxReject();
        return false;
    }

    @Override
    public void complete(Runnable result) {
        mailbox.offerControl(result);
    }

    @Override
    public void defer(Runnable action) {
        assert inLoop();
        deferred.add(action);
    }
}
