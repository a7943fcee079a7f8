package dev.headgate.tls.credential;

import static dev.headgate.tls.credential.Fixtures.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.PemBlock;
import dev.headgate.tls.encoding.PemReader;
import dev.headgate.tls.finding.Input;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets do not stay behind in arrays of ours. */
class WipingTest {
    private static final CredentialLimits LIMITS = CredentialLimits.DEFAULTS;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rsa.pkcs8",
                "rsa.pkcs1",
                "ec-p256.sec1",
                "ec-p256.sec1-parameters",
                "ec-p256.sec1-explicit",
                "rsa.encrypted",
                "ed25519.pkcs8",
                "rsa1024.pkcs8"
            })
    void blocksOfKeysAreWipedWhateverComesOfThem(String name) {
        var findings = new Findings();
        List<PemBlock> blocks = PemReader.read(bytes(name + ".pem"), Input.KEY, LIMITS.pem(), findings);

        new KeyReader(LIMITS, findings).read(blocks, "correct".toCharArray());

        for (PemBlock block : blocks) {
            if (block.isPrivateKey()) assertArrayEquals(new byte[block.der().length], block.der(), block.label());
        }
    }

    @Test
    void theKeyMadeOfAPassphraseIsWiped() {
        PemBlock block = PemReader.read(bytes("rsa.encrypted.pem"), Input.KEY, LIMITS.pem(), new Findings())
                .getFirst();
        Pbes2 encryption = Pbes2.parse(block.der());
        assertNotNull(encryption);
        byte[] right = encryption.deriveKey("correct".toCharArray());
        byte[] wrong = encryption.deriveKey("wrong".toCharArray());

        assertNotNull(encryption.decrypt(right));
        encryption.decrypt(wrong);

        assertArrayEquals(new byte[right.length], right);
        assertArrayEquals(new byte[wrong.length], wrong);
    }
}
