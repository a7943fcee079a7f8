package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * What a plain listener does with clients that should come by TLS: it sends them to the same URI with {@code https}.
 *
 * @param port where clients reach HTTPS; default 443, which is left out of the URI
 * @param status of the redirect; default 308, which keeps method and content
 * @param except paths whose requests go to the routes as usual
 */
@Immutable
public record RedirectToHttps(int port, int status, List<PathPattern> except) {
    public RedirectToHttps {
        except = List.copyOf(except);
    }
}
