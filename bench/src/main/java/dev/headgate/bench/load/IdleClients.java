package dev.headgate.bench.load;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections of one loop: opened some at a time with one request on each, held, and asked once more in the end.
 * <pre>
 *  client:  waiting ─> busy (connect, first request) ─> held ─> busy (second request) ─> done
 * </pre>
 */
@LoopConfined
final class IdleClients implements Client.Owner {
    private static final int BUSY_MAX = 100;

    private final EventLoop loop;
    private final long timeoutNs;
    private final ClientList waiting = new ClientList();
    private final ClientList busy = new ClientList();
    private final ClientList held = new ClientList();
    private boolean isChecking;
    private int opened;
    private int lost;
    private int answered;

    IdleClients(ClientKit kit, LoadPlan plan, int clients) {
        this.loop = kit.loop;
        this.timeoutNs = plan.timeout().toNanos();
        ClientMaker made = new ClientMaker(kit, this, clients);
        for (int i = 0; i < clients; i++) {
            waiting.addLast(made.next());
        }
    }

    void open() {
        while (busy.length() < BUSY_MAX) {
            Client client = waiting.removeFirst();
            if (client == null) {
                return;
            }
            begin(client);
            client.dial();
        }
    }

    boolean isOpened() {
        return waiting.length() == 0 && busy.length() == 0;
    }

    void check() {
        isChecking = true;
        checkMore();
    }

    private void checkMore() {
        while (busy.length() < BUSY_MAX) {
            Client client = held.removeFirst();
            if (client == null) {
                return;
            }
            begin(client);
            client.send();
        }
    }

    boolean isChecking() {
        return isChecking;
    }

    boolean isChecked() {
        return held.length() == 0 && busy.length() == 0;
    }

    private void begin(Client client) {
        client.sentNs = loop.nowNs();
        busy.addLast(client);
    }

    private void goOn() {
        if (isChecking) {
            checkMore();
        } else {
            open();
        }
    }

    @Override
    public void onConnected(Client client) {
        client.send();
    }

    @Override
    public void onAnswered(Client client, @Nullable LoadError fault) {
        busy.remove(client);
        if (fault != null || !isChecking && client.isClosed()) {
            client.drop(false);
        } else if (isChecking) {
            answered++;
        } else {
            opened++;
            held.addLast(client);
        }
        goOn();
    }

    @Override
    public void onFailed(Client client, LoadError fault) {
        busy.remove(client);
        goOn();
    }

    @Override
    public void onLost(Client client) {
        if (client.list == held) {
            held.remove(client);
            lost++;
        }
    }

    /** Ends what has taken too long. */
    void tend(long nowNs) {
        Client oldest = busy.first();
        while (oldest != null && nowNs - oldest.sentNs > timeoutNs) {
            oldest.timeOut();
            oldest = busy.first();
        }
    }

    int openConnections() {
        return held.length() + busy.length();
    }

    LoadResult.Idle result() {
        return new LoadResult.Idle(opened, lost, answered);
    }
}
