package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;

/** The keys by which a route looks at client certificates. */
final class CertificateMatchLanguage {
    private static final int ALTERNATIVES_MAX = 64;
    private static final int TEXT_LENGTH_MAX = 2048;
    private static final int SHA256_DIGITS = 64;

    static final ObjectSpec<CertificateMatch> CERTIFICATE_MATCH = certificateMatch();

    private CertificateMatchLanguage() {}

    private static ObjectSpec<CertificateMatch> certificateMatch() {
        var spec = ObjectSpec.<CertificateMatch>named(
                "route.match.clientCertificate",
                "Requests whose client has shown a certificate for which all that is given fits.");
        var verified = spec.withDefault(
                "verified",
                Scalars.bool(),
                true,
                "true: the certificate is verified. false: there is none, or one that is not verified.");
        var subject = spec.withDefault(
                "subject",
                new ListSpec<>(subject(), 0, ALTERNATIVES_MAX),
                List.of(),
                "The whole distinguished name, such as CN=billing,O=Example; case and blanks do not count.");
        var dns = spec.withDefault(
                "dns",
                new ListSpec<>(HttpScalars.hostPattern(), 0, ALTERNATIVES_MAX),
                List.of(),
                "A DNS name among its alternative names, or *.example.com for every name below example.com.");
        var uri = spec.withDefault(
                "uri",
                new ListSpec<>(uri(), 0, ALTERNATIVES_MAX),
                List.of(),
                "A URI among its alternative names; with /* at its end all below it.");
        var sha256 = spec.withDefault(
                "sha256",
                new ListSpec<>(sha256(), 0, ALTERNATIVES_MAX),
                List.of(),
                "The SHA-256 of the certificate in hex, with colons or without.");
        return spec.build(new Shape<>() {
            @Override
            public CertificateMatch make(Values<CertificateMatch> values) {
                return new CertificateMatch(
                        values.get(verified),
                        values.get(subject),
                        values.get(dns),
                        values.get(uri),
                        values.get(sha256));
            }

            @Override
            public void split(CertificateMatch match, Values<CertificateMatch> values) {
                values.put(verified, match.isVerified());
                values.put(subject, match.subjects());
                values.put(dns, match.dns());
                values.put(uri, match.uris());
                values.put(sha256, match.sha256());
            }

            @Override
            public void check(CertificateMatch match, Place place) {
                if (match.isVerified() || match.isForAny()) return;
                Place at = place.at("verified");
                at.report(at.problem(
                                ProblemCode.INCONSISTENT_VALUES,
                                "nothing can be said of who shows no verified certificate")
                        .found("verified: false, and more")
                        .expected("verified: false alone"));
            }
        });
    }

    private static ScalarSpec<String> subject() {
        return Scalars.text("distinguished name", "a distinguished name such as CN=billing,O=Example", value -> {
            if (value.text().isEmpty() || value.text().length() > TEXT_LENGTH_MAX) throw Refused.badValue("not a name");
            try {
                new X500Principal(value.text());
                return value.text();
            } catch (IllegalArgumentException e) {
                throw Refused.badValue("not a distinguished name");
            }
        });
    }

    private static ScalarSpec<String> uri() {
        return Scalars.text("URI", "a URI such as spiffe://example.com/billing, or spiffe://example.com/*", value -> {
            String text = value.text();
            boolean isUri = text.indexOf(':') > 0 && text.length() <= TEXT_LENGTH_MAX;
            if (!isUri || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) throw Refused.badValue("not a URI");
            int star = text.indexOf('*');
            if (star >= 0 && (star != text.length() - 1 || text.charAt(star - 1) != '/')) {
                throw Refused.badValue("a star elsewhere than behind the last slash");
            }
            return text;
        });
    }

    private static ScalarSpec<String> sha256() {
        return Scalars.text("SHA-256", "64 hex digits, with colons or without", value -> {
            String digits = value.text().replace(":", "").toLowerCase(Locale.ROOT);
            boolean isHex = digits.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
            if (digits.length() != SHA256_DIGITS || !isHex) {
                throw Refused.badValue(isHex && digits.length() == 40 ? "a SHA-1 digest" : "not a SHA-256 digest");
            }
            return digits;
        });
    }
}
