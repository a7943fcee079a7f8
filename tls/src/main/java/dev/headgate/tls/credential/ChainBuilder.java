package dev.headgate.tls.credential;

import dev.headgate.tls.encoding.Findings;
import dev.headgate.tls.encoding.ReadCertificate;
import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Orders certificates from the leaf upwards, and says what that changed (RFC 8446 §4.4.2). */
final class ChainBuilder {
    private final Input input;
    private final CredentialLimits limits;
    private final Findings findings;
    private boolean hadRoot; // was there, and has been dropped

    ChainBuilder(Input input, CredentialLimits limits, Findings findings) {
        this.input = input;
        this.limits = limits;
        this.findings = findings;
    }

    /** The chain whose leaf has the key; empty with a problem. */
    List<ReadCertificate> build(List<ReadCertificate> certificates, KeyProof proof) {
        List<ReadCertificate> rest = withoutDuplicates(certificates);
        List<ReadCertificate> inOrder = List.copyOf(rest);
        ReadCertificate leaf = first(rest, c -> proof.fits(c.key()));
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
        for (ReadCertificate other : rest) {
            add(
                    FindingCode.CHAIN_UNRELATED,
                    other,
                    "a certificate of " + other.name(),
                    "what issued the leaf; dropped");
        }
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
    private static List<ReadCertificate> climb(ReadCertificate leaf, List<ReadCertificate> rest) {
        List<ReadCertificate> chain = new ArrayList<>();
        ReadCertificate top = leaf;
        while (top != null) {
            chain.add(top);
            rest.remove(top);
            ReadCertificate below = top;
            top = below.isSelfSigned() ? null : first(rest, c -> c.isIssuerOf(below));
        }
        return chain;
    }

    private static @Nullable ReadCertificate first(
            List<ReadCertificate> certificates, Predicate<ReadCertificate> condition) {
        return certificates.stream().filter(condition).findFirst().orElse(null);
    }

    private void dropRoot(List<ReadCertificate> chain) {
        if (chain.size() < 2 || !chain.getLast().isSelfSigned()) return;
        ReadCertificate root = chain.removeLast();
        add(FindingCode.CHAIN_ROOT_DROPPED, root, "the root " + root.name(), "clients have it already; dropped");
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
            String issuer = leaf.certificate().getIssuerX500Principal().getName();
            add(
                    FindingCode.CHAIN_ISSUER_MISSING,
                    leaf,
                    "no issuer",
                    "the certificate of " + issuer + ", if it is no root");
        }
    }

    private void add(FindingCode code, ReadCertificate about, String found, String expected) {
        findings.add(code, input, about.line(), found, expected);
    }
}
