package dev.headgate.secure;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.trust.PeerTrust;
import dev.headgate.tls.trust.Purpose;
import dev.headgate.tls.trust.RevocationLists;
import dev.headgate.tls.trust.TrustAnchors;
import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a policy believes its clients by.
 *
 * @param anchors with none, nobody is verified
 * @param lists with none, nothing is looked up
 */
@Immutable
public record ClientTrust(TrustAnchors anchors, RevocationLists lists) {
    /** Verifies nobody. */
    static final ClientTrust NOBODY = new ClientTrust(new TrustAnchors(Set.of(), Set.of()), RevocationLists.NONE);

    /** Who judges by it, as the clock has it. */
    X509ExtendedTrustManager judge(InstantSource clock) {
        return PeerTrust.trustManager(anchors, lists, Purpose.CLIENT, clock);
    }
}
