package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.forward.RequestIdentity;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.RequestHead;
import dev.headgate.route.HttpsRedirect;
import java.nio.charset.StandardCharsets;

/** Which requests of a plain listener have to come again by TLS. */
@HotPath
final class HttpsUpgrade {
    private static final byte[] HTTPS = "https".getBytes(StandardCharsets.US_ASCII);

    private HttpsUpgrade() {}

    /** Whether {@code head}, whose forwarding fields are written, is to be answered by {@code redirect}. */
    static boolean isDue(HttpsRedirect redirect, RequestHead head, RequestIdentity identity) {
        return !redirect.isExcepted(head) && !(identity.isFromTrustedProxy() && cameByTls(head.fields()));
    }

    /**
     * Whether a request, whose forwarding fields are written, came to this site by TLS. Behind a proxy that ends TLS every request comes in plain
     * text: sent away, it would come back for ever.
     */
    static boolean cameByTls(FieldSection fields) {
        int at = fields.find(Field.X_FORWARDED_PROTO);
        return at >= 0
                && FieldSyntax.equalsIgnoreCase(fields.bytes(), fields.valueOffset(at), fields.valueLength(at), HTTPS);
    }
}
