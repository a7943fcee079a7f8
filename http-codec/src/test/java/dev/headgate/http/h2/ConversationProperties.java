package dev.headgate.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Two machines that talk to each other under random schedules, cut anywhere: every message comes whole and unharmed or is
 * reset, and in the end both connections' windows are what they were.
 */
class ConversationProperties {
    private static final int STEPS = 600;

    @Property(tries = 150)
    void messagesComeWholeAndWindowsAreConserved(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 70_000) int streamWindow,
            @ForAll @IntRange(min = 65_535, max = 90_000) int connectionWindow,
            @ForAll @IntRange(min = 1, max = 12) int streams) {
        var random = new Random(seed);
        Http2AbuseLimits free = new Http2AbuseLimits(
                100_000, 1, 0, 100_000, 100_000, 100_000, 1, 32, 1000, 1, 10, 1 << 24, 1, 100_000, 100_000, 100_000, 1);
        Http2Limits serverLimits = Http2Limits.DEFAULTS
                .withWindows(streamWindow, connectionWindow)
                .withStreams(streams)
                .withTables(random.nextInt(5000), random.nextInt(5000))
                .withAbuse(free);
        Http2Limits clientLimits = Http2Limits.RESPONSE_DEFAULTS
                .withWindows(70_001 - streamWindow, connectionWindow)
                .withTables(random.nextInt(5000), random.nextInt(5000))
                .withAbuse(free);
        var client = new Side(Http2Role.CLIENT, clientLimits, random);
        var server = new Side(Http2Role.SERVER, serverLimits, random);
        for (int step = 0; step < STEPS; step++) {
            step(client, server, random, Math.min(100_000, 1 + 500 * Math.min(streamWindow, 70_001 - streamWindow)));
        }
        client.connection.startDrain();
        settle(client, server);
        assertEquals(0, client.connection.streamCount());
        assertEquals(0, server.connection.streamCount());
        assertEquals(connectionWindow, client.connection.receiveWindowFreeBytes());
        assertEquals(connectionWindow, server.connection.receiveWindowFreeBytes());
        assertTrue(client.connection.isDrained());
        assertFalse(client.connection.isFailed() || server.connection.isFailed());
        for (Side side : new Side[] {client, server}) {
            for (Side.Exchange exchange : side.done) {
                assertTrue(exchange.isReset || exchange.isSent && exchange.isReceived);
            }
        }
    }

    private static void step(Side client, Side server, Random random, int most) {
        Side side = random.nextBoolean() ? client : server;
        Side other = side == client ? server : client;
        side.nowNs += random.nextInt(1000);
        switch (random.nextInt(12)) {
            case 0 -> client.request(size(random, most));
            case 1 -> {
                if (!server.exchanges.isEmpty()) {
                    server.respond(server.any(), size(random, most));
                }
            }
            case 2, 3 -> {
                if (!side.exchanges.isEmpty()) {
                    side.send(side.any(), 1 + random.nextInt(20_000));
                }
            }
            case 4, 5 -> side.sendByTurns(1 + random.nextInt(20_000));
            case 6 -> {
                if (!side.exchanges.isEmpty()) {
                    side.consume(side.any(), random.nextInt(30_000));
                }
            }
            case 7 -> {
                if (!side.exchanges.isEmpty() && random.nextInt(6) == 0) {
                    side.reset(side.any());
                }
            }
            case 8 -> side.connection.changeStreamWindow(200 + random.nextInt(60_000), side.nowNs);
            default -> side.receiveFrom(other, random.nextInt(30_000));
        }
    }

    private static int size(Random random, int most) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(100);
            case 2 -> random.nextInt(Math.min(most, 20_000));
            default -> random.nextInt(most);
        };
    }

    /** Everybody sends and consumes all there is; who waits for ever has lost credit. */
    private static void settle(Side client, Side server) {
        long before = -1;
        int idleRounds = 0;
        while (idleRounds < 10) {
            long now = client.movedBytes + server.movedBytes;
            idleRounds = now == before ? idleRounds + 1 : 0;
            before = now;
            for (Side side : new Side[] {client, server}) {
                side.receiveFrom(side == client ? server : client, 1 << 20);
                for (Side.Exchange exchange : new ArrayList<>(side.exchanges.values())) {
                    side.consume(exchange, exchange.held);
                }
                for (Side.Exchange exchange : new ArrayList<>(side.exchanges.values())) {
                    if (!side.isClient) {
                        side.respond(exchange, 10);
                    }
                    side.send(exchange, 1 << 20);
                }
            }
            if (client.exchanges.isEmpty()
                    && server.exchanges.isEmpty()
                    && client.wire.isEmpty()
                    && server.wire.isEmpty()) {
                return;
            }
        }
        throw new AssertionError("stuck: " + client.connection + ", " + server.connection);
    }
}
