package dev.headgate.exchange;

import dev.headgate.engine.LoopConfined;
import dev.headgate.forward.CertificateFields;
import dev.headgate.observe.LogLabel;
import dev.headgate.route.RouteChoice;
import dev.headgate.secure.ClientCertificate;
import org.jspecify.annotations.Nullable;

/** Who a client is by its certificate, in the forms that its requests want; made once per connection. */
@LoopConfined
public final class ClientIdentity {
    private final ClientCertificate certificate;
    private final CertificateFields fields;
    private final @Nullable LogLabel subject;
    private final @Nullable LogLabel sha256;
    private final @Nullable LogLabel fault;
    private @Nullable RouteChoice<?> askedRoutes;
    private long fittingRules; // of the routes that were asked

    /** @param fields what origins are told of it */
    public ClientIdentity(ClientCertificate certificate, CertificateFields fields) {
        this.certificate = certificate;
        this.fields = fields;
        boolean isVerified = certificate.isVerified();
        this.subject = isVerified ? LogLabel.of(certificate.facts().subject()) : null;
        this.sha256 = isVerified ? LogLabel.of(certificate.facts().sha256()) : null;
        this.fault = isVerified ? null : LogLabel.of(certificate.facts().fault());
    }

    /** What origins are told. */
    public CertificateFields fields() {
        return fields;
    }

    /** For the log; null when it is not verified. */
    @Nullable
    LogLabel subject() {
        return subject;
    }

    /** For the log; null when it is not verified. */
    @Nullable
    LogLabel sha256() {
        return sha256;
    }

    /** Why it is not verified, for the log. */
    @Nullable
    LogLabel fault() {
        return fault;
    }

    /** Which rules of {@code routes} fit. */
    long rulesOf(RouteChoice<?> routes) {
        if (askedRoutes != routes) {
            askedRoutes = routes;
            fittingRules = routes.rulesOf(certificate);
        }
        return fittingRules;
    }
}
