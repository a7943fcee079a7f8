package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Der;
import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.MessageText;
import dev.headgate.tls.encoding.PemBlock;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the one private key among the blocks of a text, and decodes it in whichever of the four forms it has. */
final class KeyReader {
    private static final String CONVERT = "PKCS#8, as made by: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW";

    private final CredentialLimits limits;
    private final Findings findings;

    KeyReader(CredentialLimits limits, Findings findings) {
        this.limits = limits;
        this.findings = findings;
    }

    /** A key with the line at which it stands. */
    record Found(PrivateKey key, int line) {}

    /** Reads the key, and wipes the blocks of all keys. */
    @Nullable
    Found read(List<PemBlock> blocks, char @Nullable [] passphrase) {
        try {
            return readOne(blocks, passphrase);
        } finally {
            blocks.forEach(PemBlock::wipe);
        }
    }

    private @Nullable Found readOne(List<PemBlock> blocks, char @Nullable [] passphrase) {
        List<PemBlock> keys = blocks.stream().filter(PemBlock::isPrivateKey).toList();
        if (keys.isEmpty()) {
            String labels = blocks.isEmpty() ? "no block" : MessageText.of(blocks.toString());
            add(FindingCode.KEY_MISSING, 0, labels, "a block PRIVATE KEY");
            return null;
        }
        if (keys.size() > 1) {
            add(FindingCode.KEY_SEVERAL, keys.get(1).line(), MessageText.of(keys.toString()), "one private key");
            return null;
        }
        PemBlock block = keys.getFirst();
        if (block.isLegacyEncrypted()) {
            add(FindingCode.KEY_ENCRYPTION_LEGACY, block.line(), "Proc-Type: 4,ENCRYPTED", CONVERT);
            return null;
        }
        boolean isEncrypted = block.label().equals(PemBlock.ENCRYPTED_PKCS8);
        if (!isEncrypted && passphrase != null) {
            add(FindingCode.KEY_PASSPHRASE_UNUSED, block.line(), "a passphrase for a plain key", "none");
        }
        byte[] info = info(block, blocks, passphrase);
        if (info == null) return null;
        PrivateKey key = Pkcs8.decode(info, Input.KEY, block.line(), limits, findings);
        Arrays.fill(info, (byte) 0);
        return key == null ? null : new Found(key, block.line());
    }

    private byte @Nullable [] info(PemBlock block, List<PemBlock> blocks, char @Nullable [] passphrase) {
        return switch (block.label()) {
            case PemBlock.PKCS1 -> Pkcs8.wrapPkcs1(block.der());
            case PemBlock.SEC1 -> wrapSec1(block, blocks);
            case PemBlock.ENCRYPTED_PKCS8 -> decrypt(block, passphrase);
            default -> block.der();
        };
    }

    /** The curve stands inside the key, or in a block before it, or in both and is the same. */
    private byte @Nullable [] wrapSec1(PemBlock block, List<PemBlock> blocks) {
        byte[] inside = curveInside(block.der());
        byte[] before = blocks.stream()
                .filter(b -> b.label().equals(PemBlock.EC_PARAMETERS) && b.line() < block.line())
                .findFirst()
                .map(PemBlock::der)
                .orElse(null);
        byte[] curve = inside == null ? before : inside;
        boolean isNamed = curve != null && Der.whole(curve, Der.OID) != null;
        boolean isOne = inside == null || before == null || Arrays.equals(inside, before);
        if (curve != null && isNamed && isOne) return Pkcs8.wrapSec1(block.der(), curve);
        String found = isOne ? "no named curve" : "another curve than in EC PARAMETERS";
        add(FindingCode.KEY_CURVE, block.line(), found, "P-256, P-384 or P-521, by name");
        return null;
    }

    private static byte @Nullable [] curveInside(byte[] der) {
        Der key = Der.whole(der, Der.SEQUENCE);
        if (key == null || key.take(Der.INTEGER) == null || key.take(Der.OCTET_STRING) == null) return null;
        Der parameters = key.take(Der.EXPLICIT_0);
        return parameters == null ? null : parameters.content();
    }

    private byte @Nullable [] decrypt(PemBlock block, char @Nullable [] passphrase) {
        if (passphrase == null) {
            add(FindingCode.KEY_PASSPHRASE_MISSING, block.line(), "an encrypted key", "its passphrase");
            return null;
        }
        Pbes2 encryption = Pbes2.parse(block.der());
        if (encryption == null) {
            add(FindingCode.KEY_ENCRYPTION_UNSUPPORTED, block.line(), "no PBES2 with PBKDF2 and AES", CONVERT);
            return null;
        }
        if (encryption.rounds() > limits.iterations()) {
            String most = "at most " + limits.iterations();
            add(FindingCode.KEY_ITERATIONS, block.line(), "more than " + limits.iterations() + " iterations", most);
            return null;
        }
        byte[] info = encryption.decrypt(encryption.deriveKey(passphrase));
        if (info == null) {
            add(FindingCode.KEY_PASSPHRASE_WRONG, block.line(), "another passphrase", "the one of this key");
        }
        return info;
    }

    private void add(FindingCode code, int line, String found, String expected) {
        findings.add(code, Input.KEY, line, found, expected);
    }
}
