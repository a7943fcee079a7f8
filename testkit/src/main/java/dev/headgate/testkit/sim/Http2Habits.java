package dev.headgate.testkit.sim;

/**
 * What a peer that speaks HTTP/2 does on all its connections.
 *
 * @param sendPace of all that is sent
 * @param readPace of reading
 * @param pieceBytesMax most content of a frame
 * @param creditDelayMaxNs most time until credit is given
 * @param connectionTarget window of a connection
 * @param streamTarget window of a stream, behind the initial one
 */
record Http2Habits(
        Outbox.Pace sendPace,
        Outbox.Pace readPace,
        int pieceBytesMax,
        long creditDelayMaxNs,
        int connectionTarget,
        int streamTarget) {
    static Http2Habits draw(SimChance chance, int bodyMax, boolean sendsAtOnce) {
        return new Http2Habits(
                sendsAtOnce ? Outbox.Pace.FULL : Outbox.Pace.draw(chance, bodyMax),
                Outbox.Pace.draw(chance, bodyMax),
                Math.max(1 + bodyMax / 100, chance.oneOf(100, 3_000, 1 << 16)),
                chance.oneOf(0L, 0L, 10_000_000L, 500_000_000L),
                chance.oneOf(65_535, 65_535, 200_000, 1 << 24),
                Math.max(1 + bodyMax / 30, chance.oneOf(1, 1_000, 16_384, 65_535, 1 << 20)));
    }
}
