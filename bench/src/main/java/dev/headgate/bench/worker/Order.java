package dev.headgate.bench.worker;

import dev.headgate.bench.load.LoadPlan;
import java.util.List;

/**
 * What a worker is to do at once.
 *
 * @param measured the load that counts
 * @param beside loads that go on meanwhile, each as long as the measured one
 */
public record Order(LoadPlan measured, List<LoadPlan> beside) {
    public Order {
        beside = List.copyOf(beside);
    }
}
