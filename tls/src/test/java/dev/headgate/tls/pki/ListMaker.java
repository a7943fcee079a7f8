package dev.headgate.tls.pki;

import dev.headgate.tls.encoding.Der;
import java.io.ByteArrayOutputStream;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes one revocation list. */
public final class ListMaker {
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
    private Instant from = Made.FROM;

    @Nullable
    private Instant until = Made.UNTIL;

    public static ListMaker list() {
        return new ListMaker();
    }

    public ListMaker from(Instant instant) {
        from = instant;
        return this;
    }

    public ListMaker until(@Nullable Instant instant) {
        until = instant;
        return this;
    }

    public ListMaker revoked(X509Certificate certificate) {
        byte[] serial = Der.write(Der.INTEGER, certificate.getSerialNumber().toByteArray());
        entries.writeBytes(Der.write(Der.SEQUENCE, serial, Asn1.time(Made.FROM)));
        return this;
    }

    public ListMaker extension(String oid, boolean isCritical, byte[] value) {
        extensions.writeBytes(Asn1.extension(oid, isCritical, value));
        return this;
    }

    /** As DER. */
    public byte[] issuedBy(Made issuer) {
        byte[] tbs = Der.write(
                Der.SEQUENCE,
                Asn1.integer(1),
                Asn1.algorithm(issuer.privateKey()),
                issuer.certificate().getSubjectX500Principal().getEncoded(),
                Asn1.time(from),
                until == null ? new byte[0] : Asn1.time(until),
                entries.size() == 0 ? new byte[0] : Der.write(Der.SEQUENCE, entries.toByteArray()),
                extensions.size() == 0
                        ? new byte[0]
                        : Der.write(0xa0, Der.write(Der.SEQUENCE, extensions.toByteArray())));
        return Asn1.signed(tbs, issuer.privateKey());
    }

    public String pemIssuedBy(Made issuer) {
        return Made.pem("X509 CRL", issuedBy(issuer));
    }
}
