package dev.headgate.tls.trust;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.encoding.PemLimits;

/**
 * What is taken before trust anchors or revocation lists are refused. They bound the work of one look, and are wide for
 * the bundles of operating systems (some 150 anchors in 250 KB).
 *
 * @param bundleBytes longest text or key store of anchors
 * @param certificateCount most blocks in a text of anchors, of any label, or certificates in a key store
 * @param certificateBytes longest certificate, decoded
 * @param listBytes longest text of revocation lists, and longest list
 * @param listCount most blocks in a text of revocation lists, of any label
 * @param iterations most rounds that the passwords of a key store may ask for together
 */
@Immutable
public record TrustLimits(
        int bundleBytes, int certificateCount, int certificateBytes, int listBytes, int listCount, int iterations) {

    public static final TrustLimits DEFAULTS = new TrustLimits(4 << 20, 1024, 16 << 10, 8 << 20, 64, 5_000_000);

    public TrustLimits {
        checkRange("bundleBytes", bundleBytes, 1, 16 << 20);
        checkRange("certificateCount", certificateCount, 1, 10_000);
        checkRange("certificateBytes", certificateBytes, 1, 1 << 20);
        checkRange("listBytes", listBytes, 1, 16 << 20);
        checkRange("listCount", listCount, 1, 1024);
        checkRange("iterations", iterations, 1, 100_000_000);
    }

    PemLimits bundle() {
        return new PemLimits(bundleBytes, certificateCount, certificateBytes);
    }

    PemLimits lists() {
        return new PemLimits(listBytes, listCount, listBytes);
    }

    private static void checkRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " out of range: value=" + value + ", min=" + min + ", max=" + max);
        }
    }
}
