package dev.headgate.balancer.policy;

import dev.headgate.balancer.Policy;
import java.util.Arrays;

/** Every policy, for what they all promise. */
enum AllPolicies {
    ROUND_ROBIN,
    RANDOM,
    LEAST_REQUESTS,
    P2C,
    PEAK_EWMA,
    MAGLEV,
    MAGLEV_BOUNDED,
    RENDEZVOUS,
    RENDEZVOUS_BOUNDED;

    Policy create(int loopCount) {
        return switch (this) {
            case ROUND_ROBIN -> new RoundRobin(loopCount);
            case RANDOM -> new RandomChoice();
            case LEAST_REQUESTS -> new LeastRequests();
            case P2C -> new PowerOfTwoChoices();
            case PEAK_EWMA -> new PeakEwma(PeakEwma.Settings.DEFAULTS);
            case MAGLEV -> new Maglev(0);
            case MAGLEV_BOUNDED -> new Maglev(125);
            case RENDEZVOUS -> new Rendezvous(0);
            case RENDEZVOUS_BOUNDED -> new Rendezvous(125);
        };
    }

    /** Whether it does not round these weights visibly: Maglev gives each endpoint one entry of its table at least. */
    boolean follows(int[] weights) {
        boolean isMaglev = this == MAGLEV || this == MAGLEV_BOUNDED;
        return !isMaglev
                || Arrays.stream(weights)
                        .allMatch(weight -> weight == 0
                                || weight * 10_000L > Arrays.stream(weights).sum());
    }
}
