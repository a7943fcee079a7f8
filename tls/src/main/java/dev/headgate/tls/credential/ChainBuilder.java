package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Orders certificates from the leaf upwards, and says what that changed (RFC 8446 §4.4.2). */
final class ChainBuilder {
    private final Input input;
    private final CredentialLimits limits;
    private final Findings findings;
    private final Instant now;
    private boolean hadRoot; // was there, and has been dropped

    /** @param now by which a valid certificate is taken before one that is not */
    ChainBuilder(Input input, CredentialLimits limits, Findings findings, Instant now) {
        this.input = input;
        this.limits = limits;
        this.findings = findings;
        this.now = now;
    }

    /** The chain whose leaf has the key; empty with a problem. */
    List<ReadCertificate> build(List<ReadCertificate> certificates, KeyProof proof) {
        List<ReadCertificate> rest = withoutDuplicates(certificates);
        List<ReadCertificate> inOrder = List.copyOf(rest);
        ReadCertificate leaf = best(rest, c -> proof.fits(c.key()));
        if (leaf == null) {
            ReadCertificate shown = certificates.getFirst();
            add(
                    FindingCode.KEY_MISMATCH,
                    shown,
                    "no certificate with the public key of the private one (" + proof.kind() + ")",
                    "the certificate of this key; the first is of " + shown.name());
            return List.of();
        }
        List<ReadCertificate> chain = climb(leaf, rest);
        for (ReadCertificate other : rest) addUnused(other, chain);
        if (!chain.equals(inOrder.stream().filter(chain::contains).toList())) {
            add(FindingCode.CHAIN_REORDERED, leaf, "issuers before what they issued", "the leaf first; put in order");
        }
        dropRoot(chain);
        checkEnd(chain);
        if (chain.size() > limits.chainLength()) {
            String most = "at most " + limits.chainLength() + " certificates";
            add(FindingCode.CHAIN_TOO_LONG, chain.getLast(), chain.size() + " certificates", most);
        }
        return chain;
    }

    private List<ReadCertificate> withoutDuplicates(List<ReadCertificate> certificates) {
        List<ReadCertificate> kept = new ArrayList<>();
        for (ReadCertificate one : certificates) {
            if (kept.stream().anyMatch(k -> k.certificate().equals(one.certificate()))) {
                add(FindingCode.CHAIN_DUPLICATE, one, "the certificate of " + one.name() + " again", "once; dropped");
            } else {
                kept.add(one);
            }
        }
        return kept;
    }

    /** Takes issuer after issuer from {@code rest}: each once, so that certificates which issue each other end. */
    private List<ReadCertificate> climb(ReadCertificate leaf, List<ReadCertificate> rest) {
        List<ReadCertificate> chain = new ArrayList<>();
        ReadCertificate top = leaf;
        while (top != null) {
            chain.add(top);
            rest.remove(top);
            ReadCertificate below = top;
            top = below.isSelfSigned() ? null : best(rest, c -> c.isIssuerOf(below));
        }
        return chain;
    }

    private @Nullable ReadCertificate best(List<ReadCertificate> certificates, Predicate<ReadCertificate> condition) {
        return certificates.stream()
                .filter(condition)
                .min(Comparator.comparingInt(this::rank)) // the first of equals
                .orElse(null);
    }

    /**
     * Of an issuer with several certificates one goes on to the next root, and the old cross-sign has expired: clients
     * that do not know the new root need the former, and none can use the latter.
     */
    private int rank(ReadCertificate certificate) {
        if (!certificate.isValidAt(now)) return 2;
        return certificate.isSelfSigned() ? 1 : 0;
    }

    private void addUnused(ReadCertificate other, List<ReadCertificate> chain) {
        boolean isTwin = chain.stream().anyMatch(other::isTwinOf);
        if (isTwin && other.isSelfSigned()) {
            addRoot(other);
        } else {
            String found = (isTwin ? "another certificate of " : "a certificate of ") + other.name();
            add(FindingCode.CHAIN_UNRELATED, other, found, "what issued the leaf, once; dropped");
        }
    }

    private void addRoot(ReadCertificate root) {
        add(FindingCode.CHAIN_ROOT_DROPPED, root, "the root " + root.name(), "clients have it already; dropped");
    }

    private void dropRoot(List<ReadCertificate> chain) {
        if (chain.size() < 2 || !chain.getLast().isSelfSigned()) return;
        ReadCertificate root = chain.removeLast();
        addRoot(root);
        // Without the root the chain is whole, however short: the leaf's issuer was here.
        hadRoot = true;
    }

    private void checkEnd(List<ReadCertificate> chain) {
        if (chain.size() != 1 || hadRoot) return;
        ReadCertificate leaf = chain.getFirst();
        if (leaf.isSelfSigned()) {
            add(
                    FindingCode.CHAIN_SELF_SIGNED,
                    leaf,
                    "a certificate that signed itself",
                    "clients that trust this very one");
        } else {
            String expected = "the certificate of " + leaf.issuerName() + ", if it is no root";
            add(FindingCode.CHAIN_ISSUER_MISSING, leaf, "no issuer", expected);
        }
    }

    private void add(FindingCode code, ReadCertificate about, String found, String expected) {
        findings.add(code, input, about.line(), found, expected);
    }
}
