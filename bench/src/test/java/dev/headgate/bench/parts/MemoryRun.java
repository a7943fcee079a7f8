package dev.headgate.bench.parts;

import dev.headgate.bench.parts.Traffic.Connections;
import dev.headgate.testkit.memory.IoCalls;
import dev.headgate.testkit.memory.MemoryIo;
import dev.headgate.testkit.memory.MemoryPeer;
import java.util.ArrayList;
import java.util.List;

/**
 * A relay with its clients and its origin on one thread, over sockets in memory. All messages of a run are alike, so peers learn their
 * lengths from the first ones and parse nothing: what is measured is the relay.
 */
final class MemoryRun implements AutoCloseable {
    private static final int PIPE_BYTES = 128 << 10;
    private static final int STATUS_OFFSET = "HTTP/1.1 ".length();
    private static final int TURNS_MAX = 1_000;

    private final MemoryIo io = new MemoryIo(PIPE_BYTES);
    private final Traffic traffic;
    private final Relay relay;
    private final MemoryPeer[] clients;
    private final List<MemoryPeer> origins = new ArrayList<>();
    private int requestBytes; // as it reaches the origin
    private int answerBytes; // as it reaches the client
    private byte statusClass;

    /** How finely a round is cut. */
    enum Pace {
        /** As many cycles as loops on threads of their own would run. */
        EXACT,
        /** The same in steady state, found out with less effort. */
        FAST
    }

    MemoryRun(Traffic traffic, int connections, Relay relay) {
        this.traffic = traffic;
        this.relay = relay;
        io.origin(Relay.ORIGIN, origins::add);
        relay.start(io);
        clients = new MemoryPeer[connections];
        for (int i = 0; i < connections; i++) {
            connect(i);
            io.settle();
            learn(clients[i]);
            finish(clients[i]);
        }
    }

    private void connect(int client) {
        clients[client] = io.connectClient();
    }

    private void learn(MemoryPeer client) {
        client.send(traffic.requests);
        io.settle();
        if (client.arrived() == 0) {
            requestBytes = origins.getLast().arrived();
            for (int i = 0; i < traffic.depth; i++) {
                serve();
                io.settle();
            }
        }
        answerBytes = client.arrived();
        if (answerBytes == 0) {
            throw new AssertionError("no answer to " + traffic);
        }
        statusClass = client.at(STATUS_OFFSET);
        drop(client);
    }

    /** Sends what each client sends at once, and waits for all answers. */
    void round(Pace pace) {
        io.advance(1_000);
        for (int i = 0; i < clients.length; i++) {
            if (traffic.downstream == Connections.FRESH) {
                connect(i);
            }
            clients[i].send(traffic.requests);
        }
        for (int turn = 0; !isAnswered(); turn++) {
            if (turn == TURNS_MAX) {
                throw new AssertionError(traffic + " is not answered");
            }
            run(pace);
            serve();
        }
        for (MemoryPeer client : clients) {
            drop(client);
            finish(client);
        }
    }

    private void run(Pace pace) {
        if (pace == Pace.EXACT) {
            io.settle();
        } else {
            io.step();
        }
    }

    private boolean isAnswered() {
        for (MemoryPeer client : clients) {
            if (client.arrived() < answerBytes) {
                return false;
            }
        }
        return true;
    }

    private void drop(MemoryPeer client) {
        if (client.arrived() != answerBytes || client.at(STATUS_OFFSET) != statusClass) {
            throw new AssertionError(traffic + ": unexpected answer, length=" + client.arrived() + " bytes");
        }
        client.drop(answerBytes);
    }

    /** Answers each request that has arrived whole. */
    private void serve() {
        for (int i = 0; i < origins.size(); i++) {
            MemoryPeer origin = origins.get(i);
            if (origin.arrived() >= requestBytes && requestBytes > 0) {
                origin.drop(requestBytes);
                origin.send(traffic.originAnswer);
                if (traffic.upstream == Connections.FRESH) {
                    origin.end();
                    origins.remove(i--);
                }
            }
        }
    }

    private void finish(MemoryPeer client) {
        if (traffic.downstream == Connections.FRESH) {
            if (!client.isAtEnd()) {
                throw new AssertionError(traffic + ": the relay keeps the connection");
            }
            client.end();
        }
    }

    /** Moves the relay's clocks on. */
    void advance(long ns) {
        io.advance(ns);
    }

    /** Lets the log be written, which has a thread of its own in production. */
    void writeLogs() {
        io.runAgents();
    }

    IoCalls calls() {
        return io.calls();
    }

    @Override
    public void close() {
        for (MemoryPeer client : clients) {
            client.end();
        }
        io.settle();
        relay.close();
    }
}
