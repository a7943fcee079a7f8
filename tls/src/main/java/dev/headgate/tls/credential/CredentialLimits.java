package dev.headgate.tls.credential;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.encoding.PemLimits;

/**
 * What is taken before a credential is refused. They bound the work of one look, and are wide for real files.
 *
 * @param textBytes longest text or key store
 * @param blockCount most blocks in one text, of any label
 * @param blockBytes longest block, decoded
 * @param chainLength most certificates in a chain, without its root
 * @param rsaBits longest RSA key of a server: the time of a signature grows with the cube
 * @param iterations most rounds that an encrypted key may ask for
 */
@Immutable
public record CredentialLimits(
        int textBytes, int blockCount, int blockBytes, int chainLength, int rsaBits, int iterations) {

    public static final CredentialLimits DEFAULTS = new CredentialLimits(1 << 20, 32, 16 << 10, 8, 8192, 5_000_000);

    public CredentialLimits {
        checkRange("textBytes", textBytes, 1, 16 << 20);
        checkRange("blockCount", blockCount, 1, 1024);
        checkRange("blockBytes", blockBytes, 1, 1 << 20);
        checkRange("chainLength", chainLength, 1, 64);
        checkRange("rsaBits", rsaBits, 2048, 16_384);
        checkRange("iterations", iterations, 1, 100_000_000);
    }

    /** This with another longest chain. */
    public CredentialLimits withChainLength(int length) {
        return new CredentialLimits(textBytes, blockCount, blockBytes, length, rsaBits, iterations);
    }

    PemLimits pem() {
        return new PemLimits(textBytes, blockCount, blockBytes);
    }

    private static void checkRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " out of range: value=" + value + ", min=" + min + ", max=" + max);
        }
    }
}
