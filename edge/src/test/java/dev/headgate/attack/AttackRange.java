package dev.headgate.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.attack.Attack.Accepted;
import dev.headgate.attack.Attack.AcceptedThenRefused;
import dev.headgate.attack.Attack.Refused;
import dev.headgate.attack.Attack.RefusedInBody;
import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** One proxy and one origin on which attacks are run, each followed by the checks that hold for all of them. */
final class AttackRange implements AutoCloseable {
    private static final int DRIPPED_BYTES_MAX = 1024;
    private static final String AFTER = "GET /after HTTP/1.1␍␊Host: a␍␊␍␊";

    private final ScriptedOrigin origin = ScriptedOrigin.start();
    private final ProxyHarness proxy;

    AttackRange() {
        this(setup -> setup);
    }

    /** A range whose proxy differs from the default in what {@code settings} adds. */
    AttackRange(UnaryOperator<ProxySetup> settings) {
        proxy = settings.apply(ProxySetup.before(origin)).start();
    }

    /** Runs the attack in one piece and, unless it is long, once more one byte at a time. */
    void run(Attack attack) {
        run(attack, client -> client.trySend(attack.sent()));
        if (attack.sent().length <= DRIPPED_BYTES_MAX) {
            run(attack, client -> drip(client, attack.sent()));
        }
    }

    private static void drip(RawClient client, byte[] bytes) {
        boolean open = true;
        for (int i = 0; open && i < bytes.length; i++) {
            open = client.trySend(new byte[] {bytes[i]});
        }
    }

    private void run(Attack attack, Consumer<RawClient> sender) {
        origin.forget();
        long bytesBefore = origin.receivedBytes();
        switch (attack.outcome()) {
            case Refused(var statuses) -> {
                expectRefusal(attack, sender, List.of(), statuses);
                origin.settle();
                assertEquals(bytesBefore, origin.receivedBytes(), "bytes at the origin");
                assertNextRequestSucceeds();
                assertEquals(List.of("GET /after"), origin.requestLines(), "requests at the origin");
            }
            case RefusedInBody(var statuses) -> {
                expectRefusal(attack, sender, List.of(), statuses);
                assertNextRequestSucceeds();
                assertOnlyPartsArrived();
            }
            case AcceptedThenRefused(var lines, var statuses) -> {
                expectRefusal(attack, sender, lines, statuses);
                assertNextRequestSucceeds();
                var expected = new ArrayList<>(lines);
                expected.add("GET /after");
                assertEquals(expected, origin.requestLines(), "requests at the origin");
            }
            case Accepted accepted -> {
                expectAnswers(sender, accepted);
                assertNextRequestSucceeds();
            }
        }
        origin.assertNoFault();
        proxy.awaitBuffersReturned();
    }

    private void expectRefusal(
            Attack attack, Consumer<RawClient> sender, List<String> answeredBefore, Set<Integer> statuses) {
        long countedBefore = countedRefusals(statuses);
        try (var client = proxy.connect()) {
            sender.accept(client);
            for (String line : answeredBefore) {
                assertEquals(200, client.readResponse().status(), line);
            }
            var response = client.readResponse();
            int status = response.status();
            assertTrue(
                    statuses.contains(status),
                    () -> "expected status " + statuses + " for \"" + excerpt(attack.sent()) + "\", got " + response);
            assertTrue(response.announcesClose(), () -> "expected Connection: close, got " + response);
            client.expectEnd();
        }
        Await.until("the refusal is counted", () -> countedRefusals(statuses) == countedBefore + 1);
    }

    private long countedRefusals(Set<Integer> statuses) {
        return statuses.stream().mapToLong(proxy::exchangesRefusedWith).sum();
    }

    private void assertOnlyPartsArrived() {
        for (var request : origin.requests()) {
            if (!request.line().equals("GET /after")) {
                assertFalse(request.isComplete(), () -> "complete at the origin: " + request);
                var connection = origin.connections().get(request.connection());
                Await.until("the proxy ends " + request, connection::isEndedByPeer);
            }
        }
        long after = origin.requestLines().stream().filter("GET /after"::equals).count();
        assertEquals(1, after, "requests at the origin: " + origin.requests());
        assertTrue(origin.requests().size() <= 2, () -> "requests at the origin: " + origin.requests());
    }

    private void expectAnswers(Consumer<RawClient> sender, Accepted accepted) {
        try (var client = proxy.connect()) {
            sender.accept(client);
            for (String line : accepted.lines()) {
                String method = line.substring(0, line.indexOf(' '));
                assertEquals(200, client.readResponse(method).status(), line);
            }
            client.expectNothingMore();
        }
        assertEquals(accepted.lines(), origin.requestLines(), "requests at the origin");
        origin.requests().forEach(accepted.check());
    }

    private void assertNextRequestSucceeds() {
        try (var client = proxy.connect()) {
            client.send(AFTER).expectStatus(200);
        }
    }

    private static String excerpt(byte[] sent) {
        return Wire.script(sent, 0, Math.min(sent.length, 300));
    }

    RawClient connect() {
        return proxy.connect();
    }

    /** Fails unless the next request succeeds, every buffer is back and the origin saw canonical requests only. */
    void assertWell() {
        assertNextRequestSucceeds();
        origin.assertNoFault();
        proxy.awaitBuffersReturned();
    }

    ScriptedOrigin origin() {
        return origin;
    }

    ProxyHarness proxy() {
        return proxy;
    }

    @Override
    public void close() {
        proxy.close();
        origin.close();
    }
}
