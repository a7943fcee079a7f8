package dev.headgate.resolve;

import dev.headgate.engine.LoopConfined;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The servers to ask, and which of them were silent lately: those come last for a while, and a dead one costs its time-out once in it. */
@LoopConfined
final class ServerList {
    /** After which time one that was silent has its old place. */
    static final long SILENT_NS = 30_000_000_000L;

    private final List<Server> servers = new ArrayList<>();
    private final boolean isRotated;
    private int nextTurn;

    /** One server. */
    static final class Server {
        private final InetSocketAddress address;
        private boolean isSilent;
        private long silentSinceNs;

        Server(InetSocketAddress address) {
            this.address = address;
        }

        InetSocketAddress address() {
            return address;
        }

        void onAnswer() {
            isSilent = false;
        }

        void onSilence(long nowNs) {
            isSilent = true;
            silentSinceNs = nowNs;
        }
    }

    ServerList(ResolvConf conf) {
        conf.servers().forEach(address -> servers.add(new Server(address)));
        isRotated = conf.isRotated();
    }

    /** Whose turn it is; one for each look-up, however many questions that takes. */
    int nextTurn() {
        return isRotated ? nextTurn++ : 0;
    }

    /** All of them, in the order in which to ask at this {@code turn}. */
    List<Server> inOrder(int turn, long nowNs) {
        List<Server> order = new ArrayList<>();
        List<Server> silent = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(Math.floorMod(turn + i, servers.size()));
            boolean isLast = server.isSilent && nowNs - server.silentSinceNs < SILENT_NS;
            (isLast ? silent : order).add(server);
        }
        order.addAll(silent);
        return order;
    }
}
