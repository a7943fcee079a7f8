package dev.headgate.downstream;

import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/** The server sessions of one loop, linked through the sessions themselves. */
@LoopConfined
public final class SessionList {
    private @Nullable ServerSession first;
    private int count;

    public int count() {
        return count;
    }

    void add(ServerSession session) {
        session.nextSession = first;
        if (first != null) {
            first.previousSession = session;
        }
        first = session;
        count++;
    }

    void remove(ServerSession session) {
        ServerSession previous = session.previousSession;
        ServerSession next = session.nextSession;
        if (previous == null && first != session) {
            return;
        }
        if (previous == null) {
            first = next;
        } else {
            previous.nextSession = next;
        }
        if (next != null) {
            next.previousSession = previous;
        }
        session.previousSession = null;
        session.nextSession = null;
        count--;
    }

    /** Tells every session to take no further request; idle ones close. */
    public void drain() {
        for (ServerSession session = first; session != null; session = session.nextSession) {
            session.drainConnection();
        }
    }

    /** Breaks off what must not end in order with the loop. */
    public void cutOff() {
        for (ServerSession session = first; session != null; session = session.nextSession) {
            session.cutOff();
        }
    }
}
