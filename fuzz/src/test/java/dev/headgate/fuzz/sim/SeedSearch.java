package dev.headgate.fuzz.sim;

import dev.headgate.testkit.sim.Sabotage;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Runs one seed and answers what it finds; in terms that class loaders share. */
public final class SeedSearch implements LongFunction<@Nullable String> {
    public SeedSearch() {}

    @Override
    public @Nullable String apply(long seed) {
        Seeds.Finding finding = Seeds.find(seed, Sabotage.NONE);
        return finding == null ? null : finding.what();
    }
}
