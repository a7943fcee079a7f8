package dev.headgate.downstream;

import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/** The server sessions of one loop, linked through the sessions themselves. */
@LoopConfined
final class SessionList {
    private @Nullable ServerSession first;

    void add(ServerSession session) {
        session.nextSession = first;
        if (first != null) {
            first.previousSession = session;
        }
        first = session;
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
    }

    /** Tells every session to take no further request; idle ones close. */
    void drain() {
        for (ServerSession session = first; session != null; session = session.nextSession) {
            session.drainConnection();
        }
    }

    /** Breaks off what must not end in order with the loop. */
    void cutOff() {
        for (ServerSession session = first; session != null; session = session.nextSession) {
            session.cutOff();
        }
    }
}
