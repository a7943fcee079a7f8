package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;

/** What the fallback of a route is taken for. */
@Immutable
public sealed interface FallbackOn permits FallbackOn.Unserved, RetryOn.Answered {
    /** What a route does that says nothing of it. */
    List<FallbackOn> USUAL = List.of(Unserved.FAILURE);

    /** The route's upstream does not serve the request. */
    enum Unserved implements FallbackOn {
        /** No answer comes of it, and the proxy would have to say so by a 502, 503 or 504 of its own. */
        FAILURE
    }
}
