package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Frames;
import java.util.Collection;

/** When a peer gives credit, and how much: late, and then up to what it means its windows to be. */
final class Http2Credit {
    private final Http2Link link;
    private final Collection<Http2Flow> flows;
    private final Http2Watch watch;
    private final SimChance chance;
    private final Http2Habits habits;
    private boolean isDue;

    /** @param flows all streams of the connection, in order, as they come */
    Http2Credit(Http2Link link, Collection<Http2Flow> flows, Http2Watch watch, SimChance chance, Http2Habits habits) {
        this.link = link;
        this.flows = flows;
        this.watch = watch;
        this.chance = chance;
        this.habits = habits;
    }

    void giveLater() {
        if (isDue) {
            return;
        }
        isDue = true;
        long delayMaxNs = habits.creditDelayMaxNs();
        link.later(delayMaxNs == 0 ? 0 : chance.between(0L, delayMaxNs), () -> {
            isDue = false;
            if (!link.isMute()) {
                give();
            }
            link.pump();
        });
    }

    /** For the connection alone. */
    void giveToConnection() {
        int bytes = link.windows().connectionCredit(habits.connectionTarget());
        if (bytes > 0 && !link.isMute()) {
            send(0, bytes);
        }
    }

    private void give() {
        giveToConnection();
        for (Http2Flow flow : flows) {
            int bytes = flow.isReceiving ? link.windows().credit(flow.balance, habits.streamTarget()) : 0;
            if (bytes > 0) {
                send(flow.id, bytes);
            }
        }
    }

    private void send(int id, int bytes) {
        link.queue(Frames.windowUpdate(id, bytes));
        watch.credit(link.queuedBytes(), id, bytes);
    }
}
