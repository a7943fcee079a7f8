package dev.headgate.engine.loop;

import org.jspecify.annotations.Nullable;

/** All connections of a loop, linked through themselves. */
final class ConnectionList {
    private @Nullable TcpConnection first;

    @Nullable
    TcpConnection first() {
        return first;
    }

    void add(TcpConnection connection) {
        TcpConnection old = first;
        connection.nextInLoop = old;
        if (old != null) {
            old.previousInLoop = connection;
        }
        first = connection;
    }

    void remove(TcpConnection connection) {
        TcpConnection before = connection.previousInLoop;
        TcpConnection after = connection.nextInLoop;
        if (before != null) {
            before.nextInLoop = after;
        } else {
            first = after;
        }
        if (after != null) {
            after.previousInLoop = before;
        }
        connection.previousInLoop = null;
        connection.nextInLoop = null;
    }
}
