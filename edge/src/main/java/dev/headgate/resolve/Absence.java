package dev.headgate.resolve;

import dev.headgate.engine.LoopConfined;
import dev.headgate.observe.DnsFailure;
import java.util.ArrayDeque;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The names that a text may mean, one after the other as long as the one before is not there, and what that has told. */
@LoopConfined
final class Absence {
    private final ArrayDeque<DnsName> candidates;
    private DnsFailure kind = DnsFailure.NO_SUCH_NAME;
    private long ttlSeconds = Long.MAX_VALUE;

    Absence(Collection<DnsName> candidates) {
        this.candidates = new ArrayDeque<>(candidates);
    }

    /** The next name to ask for; null when there is none left. */
    @Nullable
    DnsName next() {
        return candidates.poll();
    }

    /** There is nothing at the last name, as {@code response} says. */
    void add(DnsResponse response) {
        ttlSeconds = Math.min(ttlSeconds, response.ttlSeconds());
        if (response.kind() == DnsResponse.Kind.NO_DATA) {
            kind = DnsFailure.NO_DATA;
        }
    }

    /** That there is nothing at all of them, for as long as each of them says. */
    LookUpFailure failure(ResolverOptions options) {
        return new LookUpFailure(kind, options.retryNs(ttlSeconds));
    }
}
