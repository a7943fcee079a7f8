package dev.headgate.balancer.health;

/**
 * How long endpoints are ejected, and how many.
 *
 * @param baseNs for the first time; the n-th time in short order takes n times as long
 * @param maxNs never longer than this, jitter apart
 * @param jitterPercent up to this much longer, so that endpoints ejected together do not come back together; 0 to 100
 * @param decayNs for each such time that an endpoint is well again, one of its ejections is forgotten
 * @param maxEjectedPercent of the endpoints may be ejected at once; one always may, unless this is 0, which ejects none
 * @param earlyReturn whether active checks that pass end an ejection before its time
 * @param passesToReturn how many checks must pass in a row for that, all begun after the ejection
 */
public record EjectorSettings(
        long baseNs,
        long maxNs,
        int jitterPercent,
        long decayNs,
        int maxEjectedPercent,
        EarlyReturn earlyReturn,
        int passesToReturn) {
    /** Whether active checks that pass end an ejection before its time. */
    public enum EarlyReturn {
        /** Time alone brings an endpoint back. */
        NEVER,
        /**
         * They do if the endpoint was ejected because it did not answer at all. A health page that answers is no proof
         * against the errors that clients got meanwhile: an endpoint would go in and out as fast as it is checked.
         */
        UNANSWERED,
        /** They do, whatever the reason was. */
        ALWAYS
    }

    public EjectorSettings {
        if (baseNs <= 0 || maxNs < baseNs || maxNs == Long.MAX_VALUE || decayNs <= 0) {
            throw new IllegalArgumentException(
                    "ejection times out of range: base=" + baseNs + ", max=" + maxNs + ", decay=" + decayNs + " ns");
        }
        requirePercent("jitterPercent", jitterPercent);
        requirePercent("maxEjectedPercent", maxEjectedPercent);
        if (passesToReturn < 1) {
            throw new IllegalArgumentException("passesToReturn must be positive: " + passesToReturn);
        }
    }

    private static void requirePercent(String name, int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percentage out of range: " + name + "=" + percent);
        }
    }
}
