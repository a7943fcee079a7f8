package dev.headgate.secure;

import dev.headgate.engine.Immutable;
import java.util.Map;

/**
 * TLS of everything that speaks it.
 *
 * @param listeners by name; plain ones are not there
 * @param upstreams likewise
 */
@Immutable
public record Security(Map<String, ListenerSecurity> listeners, Map<String, UpstreamSecurity> upstreams) {
    /** Everything is plain. */
    public static final Security NONE = new Security(Map.of(), Map.of());

    public Security {
        listeners = Map.copyOf(listeners);
        upstreams = Map.copyOf(upstreams);
    }
}
