package dev.headgate.upstream;

import dev.headgate.balancer.Picker;
import dev.headgate.balancer.Policy;
import dev.headgate.balancer.UpstreamView;
import dev.headgate.balancer.policy.LeastRequests;
import dev.headgate.balancer.policy.Maglev;
import dev.headgate.balancer.policy.PeakEwma;
import dev.headgate.balancer.policy.PowerOfTwoChoices;
import dev.headgate.balancer.policy.RandomChoice;
import dev.headgate.balancer.policy.Rendezvous;
import dev.headgate.balancer.policy.RoundRobin;
import dev.headgate.config.BalanceConfig;
import dev.headgate.config.BalanceConfig.Hash;
import dev.headgate.config.BalanceConfig.Sticky;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of an upstream that have certain labels, and how one of them is chosen. Its policies remember where they were from view to
 * view, so each subset has its own. Used by whoever publishes views.
 */
final class Subset {
    private static final int WITHOUT_BOUND = 0;

    private final Map<String, String> labels;
    private final Policy policy;
    private final @Nullable Policy keyed;

    /** @param labels none: all endpoints */
    Subset(Map<String, String> labels, BalanceConfig balance, int loopCount) {
        this.labels = Map.copyOf(labels);
        this.policy = switch (balance.choice()) {
            case BalanceConfig.Policy plain ->
                switch (plain) {
                    case ROUND_ROBIN -> new RoundRobin(loopCount);
                    case RANDOM -> new RandomChoice();
                    case LEAST_REQUESTS -> new LeastRequests();
                    case P2C -> new PowerOfTwoChoices();
                    case P2C_EWMA -> new PeakEwma(PeakEwma.Settings.DEFAULTS);
                };
            case Hash _ -> new PowerOfTwoChoices();
        };
        this.keyed = keyed(balance);
    }

    private static @Nullable Policy keyed(BalanceConfig balance) {
        if (balance.choice() instanceof Hash hash) {
            return switch (hash.algorithm()) {
                case MAGLEV -> new Maglev(hash.loadPercent());
                case RENDEZVOUS -> new Rendezvous(hash.loadPercent());
            };
        }
        return balance.sticky().orElse(null) instanceof Sticky.Header ? new Maglev(WITHOUT_BOUND) : null;
    }

    Map<String, String> labels() {
        return labels;
    }

    /** What attempts are picked out of while {@code whole} is the view of the upstream. */
    Selection of(UpstreamView whole) {
        UpstreamView view = whole.narrowedTo(labels);
        Picker picker = policy.pickerFor(view);
        return new Selection(view, picker, keyed == null ? picker : keyed.pickerFor(view));
    }
}
