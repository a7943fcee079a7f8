package dev.headgate.bench.load;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * The load of one loop that counts: hands requests to free clients, by the timetable of an open loop or as soon as one is free.
 * <pre>
 *  OPENING ──begin──> RUNNING ──end of the plan──> DRAINING ──all answered, or time is up──> ENDED
 * </pre>
 * A client is in one of three lists: free, busy in the order of {@code sentNs}, or broken, to be connected at the next {@link #tend}.
 */
@HotPath
@LoopConfined
final class MeasuredLoad implements Client.Owner {
    /** So many connects are under way at a time while connections are opened: listeners have queues of some hundred. */
    private static final int DIALS_MAX = 100;

    enum Phase {
        OPENING,
        RUNNING,
        DRAINING,
        ENDED
    }

    private final ClientKit kit;
    private final EventLoop loop;
    private final Tally tally;
    private final int clients;
    private final boolean isPerRequest;
    private final boolean isHottestFirst;
    private final long timeoutNs;
    private final ClientList free = new ClientList();
    private final ClientList busy = new ClientList();
    private final ClientList broken = new ClientList();
    private Phase phase = Phase.OPENING;
    private @Nullable Timetable timetable; // of an open loop, from its beginning on
    private long endNs;
    private int unopened; // clients that have not tried to connect yet
    private int opening;

    MeasuredLoad(ClientKit kit, LoadPlan plan, int clients, Tally tally) {
        this.kit = kit;
        this.loop = kit.loop;
        this.tally = tally;
        this.clients = clients;
        this.isPerRequest = kit.isPerRequest;
        this.isHottestFirst = plan.spread() == LoadPlan.Spread.HOTTEST;
        this.timeoutNs = plan.timeout().toNanos();
        ClientMaker made = new ClientMaker(kit, this, clients);
        for (int i = 0; i < clients; i++) {
            Client client = made.next();
            if (isPerRequest) {
                free.addLast(client);
            } else {
                broken.addLast(client);
                unopened++;
            }
        }
    }

    // ---- opening

    void open() {
        while (opening < DIALS_MAX && unopened > 0) {
            Client client = broken.removeFirst();
            assert client != null;
            unopened--;
            opening++;
            dial(client);
        }
    }

    /** Whether every client has tried to connect. */
    boolean isOpened() {
        return unopened == 0 && opening == 0;
    }

    private void onOpeningDone(Client client) {
        if (!isPerRequest && !client.hasBeenOpen) {
            client.hasBeenOpen = true;
            opening--;
            open();
        }
    }

    private boolean dial(Client client) {
        client.sentNs = loop.nowNs();
        busy.addLast(client);
        return client.dial();
    }

    private void dialAgain(Client client) {
        if (dial(client)) {
            tally.onReconnect();
        }
    }

    // ---- running

    void begin(@Nullable Timetable dueTimes, long plannedEndNs) {
        phase = Phase.RUNNING;
        timetable = dueTimes;
        endNs = plannedEndNs;
        giveOut(loop.nowNs());
    }

    /** Hands requests to free clients as far as there are both. */
    void giveOut(long nowNs) {
        while (mayStart(nowNs)) {
            Client client = free.removeFirst();
            if (client == null) {
                return;
            }
            start(client, nowNs);
        }
    }

    private boolean mayStart(long nowNs) {
        if (timetable != null) {
            return phase != Phase.ENDED && timetable.isDue(nowNs);
        }
        return phase == Phase.RUNNING && nowNs - endNs < 0;
    }

    private void start(Client client, long nowNs) {
        client.dueNs = timetable == null ? nowNs : timetable.take();
        client.sentNs = nowNs;
        tally.onSent(client.dueNs, nowNs);
        busy.addLast(client);
        if (isPerRequest) {
            client.dial();
        } else {
            client.send();
        }
    }

    /** The client has no request. */
    private void offer(Client client) {
        long nowNs = loop.nowNs();
        if (mayStart(nowNs)) {
            start(client, nowNs);
        } else if (isHottestFirst) {
            free.addFirst(client);
        } else {
            free.addLast(client);
        }
    }

    @Override
    public void onConnected(Client client) {
        if (isPerRequest) {
            client.send();
            return;
        }
        busy.remove(client);
        onOpeningDone(client);
        offer(client);
    }

    @Override
    public void onAnswered(Client client, @Nullable LoadError fault) {
        busy.remove(client);
        long nowNs = loop.nowNs();
        if (fault == null) {
            tally.onAnswer(client.dueNs, nowNs, client.contentBytes());
        } else {
            tally.onWrongAnswer(fault, client.dueNs, nowNs);
        }
        goOn(client);
    }

    private void goOn(Client client) {
        if (isPerRequest || !client.isClosed()) {
            offer(client);
        } else if (phase == Phase.RUNNING) {
            dialAgain(client);
        } else {
            broken.addLast(client);
        }
    }

    @Override
    public void onFailed(Client client, LoadError fault) {
        busy.remove(client);
        long nowNs = loop.nowNs();
        if (fault == LoadError.CONNECT && !isPerRequest) {
            tally.onConnectFailed(nowNs);
        } else {
            tally.onFailure(fault, client.dueNs, nowNs);
        }
        onOpeningDone(client);
        broken.addLast(client);
    }

    @Override
    public void onLost(Client client) {
        free.remove(client);
        goOn(client);
    }

    // ---- from time to time

    /** Ends what has taken too long, connects what is broken, and sees whether the load has ended. */
    void tend(long nowNs) {
        Client oldest = busy.first();
        while (oldest != null && nowNs - oldest.sentNs > timeoutNs) {
            oldest.timeOut();
            oldest = busy.first();
        }
        if (phase == Phase.RUNNING || phase == Phase.DRAINING && isLeft(nowNs)) {
            mend();
            giveOut(nowNs);
        }
        if (phase == Phase.RUNNING && nowNs - endNs >= 0) {
            phase = Phase.DRAINING;
        }
        if (phase == Phase.DRAINING) {
            drain(nowNs);
        }
    }

    private void mend() {
        for (int left = Math.min(broken.length(), DIALS_MAX); left > 0; left--) {
            Client client = broken.removeFirst();
            assert client != null;
            if (isPerRequest) {
                offer(client);
            } else {
                dialAgain(client);
            }
        }
    }

    private void drain(long nowNs) {
        boolean isDone = busy.length() == 0 && !isLeft(nowNs);
        if (!isDone && nowNs - endNs < timeoutNs) {
            return;
        }
        for (Client client = busy.removeFirst(); client != null; client = busy.removeFirst()) {
            if (isPerRequest || !client.isConnecting()) {
                tally.onUnfinished(client.dueNs, nowNs);
            }
            client.drop(false); // What it still brings must not change what is being read by then.
        }
        while (timetable != null && timetable.isDue(nowNs)) {
            tally.onUnfinished(timetable.take(), nowNs);
        }
        phase = Phase.ENDED;
    }

    private boolean isLeft(long nowNs) {
        return timetable != null && timetable.isDue(nowNs);
    }

    Phase phase() {
        return phase;
    }

    int clients() {
        return clients;
    }

    int openConnections() {
        Http2Kit http2 = kit.http2;
        if (http2 != null) {
            return http2.openLinks();
        }
        return isPerRequest ? busy.length() : free.length() + busy.length();
    }
}
