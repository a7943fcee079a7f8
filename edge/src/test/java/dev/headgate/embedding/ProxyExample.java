package dev.headgate.embedding;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.Address;
import dev.headgate.config.ConfigDefaults;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.RouteConfig.RouteAction;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import java.security.MessageDigest;
import java.util.List;

/** A proxy in code: who has no key is answered here, and every response tells how it came. */
final class ProxyExample implements Filter {
    private static final byte[] KEY_NAME = "x-api-key".getBytes(US_ASCII);
    private static final byte[] KEY = "secret".getBytes(US_ASCII);
    private static final byte[] REFUSAL = "no key, no entry\n".getBytes(US_ASCII);

    static Headgate start(int port, Address.Tcp origin) throws HeadgateStartException {
        ProxyConfig config = ConfigDefaults.proxy(
                List.of(ConfigDefaults.listener("web", new Address.Tcp("127.0.0.1", port))),
                List.of(ConfigDefaults.upstream("app", origin)),
                List.of(ConfigDefaults.route("api", "/api/**", new RouteAction.To("app"))));
        ProxyConfig checked = ConfigDefaults.checked(config).orThrow();
        return Headgate.start(checked, HeadgateOptions.defaults().withFilter("api", new ProxyExample()));
    }

    @Override
    public void onRequestHead(FilterContext context, RequestHead head) {
        int at = head.fields().find(KEY_NAME);
        if (at < 0 || !MessageDigest.isEqual(KEY, head.fields().value(at).getBytes(US_ASCII))) {
            context.respond(403, "text/plain", REFUSAL);
        }
        head.fields().removeAll(KEY_NAME); // The key is ours, not the origin's.
    }

    @Override
    public void onResponseHead(FilterContext context, ResponseHead head) {
        head.fields().add("x-route".getBytes(US_ASCII), context.routeName().getBytes(US_ASCII));
    }
}
