package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * What a client's certificate says, as far as origins are told.
 *
 * @param chain the certificates in DER, the client's own first; not to be changed
 * @param fault why it is not verified; empty when it is
 * @param sha256 fingerprint of the first, in hex
 * @param subject of the first, by RFC 2253
 * @param uris of its alternative names
 * @param dnsNames likewise
 */
@Immutable
public record ClientFacts(
        List<byte[]> chain, String fault, String sha256, String subject, List<String> uris, List<String> dnsNames) {
    public ClientFacts {
        chain = List.copyOf(chain);
        uris = List.copyOf(uris);
        dnsNames = List.copyOf(dnsNames);
    }

    /** The same without the certificates themselves, which a stranger may have made long. */
    public ClientFacts withoutChain() {
        return new ClientFacts(List.of(), fault, sha256, subject, uris, dnsNames);
    }

    public boolean isVerified() {
        return fault.isEmpty();
    }
}
