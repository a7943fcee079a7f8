package dev.headgate.e2e;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginConnection;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An origin that answers a request for a path when the test lets it, and counts what it has to do at once. Paths with {@code free} are answered at once. */
final class GatedOrigin implements AutoCloseable {
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final ScriptedOrigin origin;

    private GatedOrigin() {
        origin = ScriptedOrigin.start().otherwise(exchange -> {
            String path = exchange.request().target();
            arrived.add(path);
            if (!path.contains("free")) {
                exchange.await(gate(path));
            }
            exchange.respond(200, path);
        });
    }

    static GatedOrigin start() {
        return new GatedOrigin();
    }

    String address() {
        return origin.address();
    }

    private CountDownLatch gate(String path) {
        return gates.computeIfAbsent(path, _ -> new CountDownLatch(1));
    }

    /** Answers the request for this path, whether it is there already or not. */
    void answer(String path) {
        gate(path).countDown();
    }

    /** Paths in the order in which they were asked for. */
    List<String> arrived() {
        return List.copyOf(arrived);
    }

    void awaitArrived(String path) {
        Await.until(path + " has arrived", () -> arrived.contains(path));
    }

    /** Connections that have not ended. */
    long openConnections() {
        return origin.connections().stream()
                .filter(each -> !each.isEnded() && !each.isEndedByPeer())
                .count();
    }

    List<OriginConnection> connections() {
        return origin.connections();
    }

    @Override
    public void close() {
        gates.values().forEach(CountDownLatch::countDown);
        origin.close();
    }
}
