package dev.headgate.testkit.sim;

/**
 * What goes wrong in one run, and how often: each {@code …OneIn} is the mean number of occasions per fault, 0 for never. Drawn from the seed so
 * that most runs have a few kinds of faults, some all, and some none.
 *
 * @param latencyMinNs least time that bytes are on their way
 * @param latencyMaxNs most time, but for spikes
 * @param spikeOneIn segments that take up to a second longer
 * @param nsPerByte the way's width
 * @param kernelMinBytes least room of a direction of a connection, for what is written and not yet read
 * @param kernelMaxBytes most room
 * @param shortReadOneIn reads that give less than there is
 * @param shortWriteOneIn writes that take less than there is room for
 * @param zeroWriteOneIn writes that take nothing although the socket was ready
 * @param spuriousOneIn polls that tell of readiness that there is not
 * @param reorders whether a poll tells of ready sockets in any order
 * @param resetOneIn connections that are cut somewhere on the way, at any byte
 * @param resetDropsUnread whether a reset destroys what has arrived and is not yet read
 * @param refusedOneIn connects that are refused
 * @param failedOneIn connects that fail at once
 * @param silentOneIn connects that never get an answer
 * @param lateOneIn connects that are answered seconds later
 * @param descriptorsMax sockets that may be open at a time
 * @param dnsFailsOneIn look-ups that fail
 * @param dnsSlowOneIn look-ups that take up to ten seconds
 * @param diskFailsOneIn writes to files that fail
 * @param stallOneIn cycles of a loop after which its thread does not run for a while
 * @param clockStepOneIn seconds in which the monotonic clock jumps ahead, or the wall clock anywhere
 * @param sharesPorts whether each loop can have a listening socket of its own
 * @param datagramLostOneIn datagrams that do not arrive
 * @param datagramTwiceOneIn datagrams that arrive twice
 */
public record FaultPlan(
        long latencyMinNs,
        long latencyMaxNs,
        int spikeOneIn,
        int nsPerByte,
        int kernelMinBytes,
        int kernelMaxBytes,
        int shortReadOneIn,
        int shortWriteOneIn,
        int zeroWriteOneIn,
        int spuriousOneIn,
        boolean reorders,
        int resetOneIn,
        boolean resetDropsUnread,
        int refusedOneIn,
        int failedOneIn,
        int silentOneIn,
        int lateOneIn,
        int descriptorsMax,
        int dnsFailsOneIn,
        int dnsSlowOneIn,
        int diskFailsOneIn,
        int stallOneIn,
        int clockStepOneIn,
        boolean sharesPorts,
        int datagramLostOneIn,
        int datagramTwiceOneIn) {
    private static final int MANY_DESCRIPTORS = 10_000;

    /** A world in which nothing goes wrong. */
    public static final FaultPlan NONE = new FaultPlan(
            50_000,
            200_000,
            0,
            1,
            64 << 10,
            256 << 10,
            0,
            0,
            0,
            0,
            false,
            0,
            false,
            0,
            0,
            0,
            0,
            MANY_DESCRIPTORS,
            0,
            0,
            0,
            0,
            0,
            true,
            0,
            0);

    public static FaultPlan draw(SimChance chance) {
        if (chance.oneIn(8)) {
            return NONE;
        }
        long latencyNs = chance.between(1_000, chance.oneIn(4) ? 50_000_000 : 1_000_000);
        int kernelBytes = chance.oneIn(4) ? chance.between(1, 2_000) : chance.between(2_000, 200_000);
        return new FaultPlan(
                latencyNs / 4,
                latencyNs,
                sometimes(chance, 3, 50),
                chance.oneIn(4) ? chance.between(10, 2_000) : 1,
                Math.max(1, kernelBytes / 4),
                kernelBytes,
                sometimes(chance, 2, 8),
                sometimes(chance, 2, 8),
                sometimes(chance, 2, 8),
                sometimes(chance, 2, 8),
                chance.nextInt(2) == 0,
                sometimes(chance, 3, 6),
                chance.nextInt(2) == 0,
                sometimes(chance, 3, 6),
                sometimes(chance, 5, 8),
                sometimes(chance, 5, 6),
                sometimes(chance, 5, 6),
                chance.oneIn(6) ? chance.between(6, 16) : MANY_DESCRIPTORS,
                sometimes(chance, 3, 3),
                sometimes(chance, 3, 3),
                sometimes(chance, 6, 4),
                sometimes(chance, 4, 200),
                sometimes(chance, 4, 4),
                chance.nextInt(2) == 0,
                sometimes(chance, 3, 4),
                sometimes(chance, 3, 4));
    }

    /** Never in most runs; in one of {@code runs} once in 1 to {@code most} times. */
    private static int sometimes(SimChance chance, int runs, int most) {
        boolean happens = chance.oneIn(runs);
        int oneIn = chance.between(1, most) + 1;
        return happens ? oneIn : 0;
    }

    /** This with so many descriptors. */
    public FaultPlan withDescriptorsMax(int descriptors) {
        return with(descriptors, datagramLostOneIn, datagramTwiceOneIn);
    }

    /** This with so many datagrams that are lost, or arrive twice. */
    public FaultPlan withDatagrams(int lostOneIn, int twiceOneIn) {
        return with(descriptorsMax, lostOneIn, twiceOneIn);
    }

    private FaultPlan with(int descriptors, int lostOneIn, int twiceOneIn) {
        return new FaultPlan(
                latencyMinNs,
                latencyMaxNs,
                spikeOneIn,
                nsPerByte,
                kernelMinBytes,
                kernelMaxBytes,
                shortReadOneIn,
                shortWriteOneIn,
                zeroWriteOneIn,
                spuriousOneIn,
                reorders,
                resetOneIn,
                resetDropsUnread,
                refusedOneIn,
                failedOneIn,
                silentOneIn,
                lateOneIn,
                descriptors,
                dnsFailsOneIn,
                dnsSlowOneIn,
                diskFailsOneIn,
                stallOneIn,
                clockStepOneIn,
                sharesPorts,
                lostOneIn,
                twiceOneIn);
    }

    /** Whether nothing of it can cost a request its answer, given time; but for datagrams that get lost, where names are asked for by those. */
    public boolean isFair() {
        int harm = resetOneIn
                + refusedOneIn
                + failedOneIn
                + silentOneIn
                + lateOneIn
                + dnsFailsOneIn
                + dnsSlowOneIn
                + clockStepOneIn;
        return harm == 0 && descriptorsMax == MANY_DESCRIPTORS;
    }

    long latencyNs(SimChance chance) {
        long spikeNs = chance.oneIn(spikeOneIn) ? chance.between(0L, 1_000_000_000L) : 0;
        return chance.between(latencyMinNs, latencyMaxNs) + spikeNs;
    }

    int kernelBytes(SimChance chance) {
        return chance.between(kernelMinBytes, kernelMaxBytes);
    }

    /** How long a woken thread takes to run. */
    long wakeDelayNs(SimChance chance) {
        return chance.between(0L, 20_000L);
    }

    /** How long a cycle takes, with what keeps its thread from going on at once. */
    long cycleNs(SimChance chance) {
        return chance.between(1_000L, 10_000L) + (chance.oneIn(stallOneIn) ? chance.between(0L, 200_000_000L) : 0);
    }
}
