package dev.headgate.resolve;

import dev.headgate.engine.LoopConfined;
import dev.headgate.observe.DnsFailure;
import java.util.ArrayDeque;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The names that a text may mean, one after the other as long as the one before is not there, and what that has told. Where nobody knows whether one
 * is there, no other place is looked at: a name of another place would not be the one that is meant. A text with a dot still means itself, most
 * likely, wherever it was looked for before.
 */
@LoopConfined
final class Absence {
    private final ArrayDeque<DnsName> candidates;
    private final @Nullable DnsName itself;
    private @Nullable DnsFailure unknown; // why it is not known whether one is there
    private DnsFailure kind = DnsFailure.NO_SUCH_NAME;
    private long ttlSeconds = Long.MAX_VALUE;

    /** @param text what stands for these {@code candidates} */
    Absence(String text, Collection<DnsName> candidates) {
        this.candidates = new ArrayDeque<>(candidates);
        this.itself = text.indexOf('.') < 0 ? null : DnsName.ofText(text);
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

    /** Nobody knows whether the last name is there. */
    void addFailure(DnsFailure failure) {
        unknown = unknown == null ? failure : unknown;
        candidates.removeIf(each -> !each.equals(itself));
    }

    /** That there is nothing at all of them, for as long as each of them says; or that nobody knows. */
    LookUpFailure failure(ResolverOptions options) {
        DnsFailure failure = unknown;
        if (failure != null) {
            return new LookUpFailure(failure, options.retryNs());
        }
        return new LookUpFailure(kind, options.absenceNs(ttlSeconds));
    }
}
