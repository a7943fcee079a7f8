package dev.headgate.resolve;

import dev.headgate.engine.LoopConfined;
import dev.headgate.observe.DnsMetrics;
import java.util.ArrayList;
import java.util.List;

/** All who wait for one look-up. */
@LoopConfined
final class Listeners<A> {
    private final DnsMetrics metrics;
    private final List<LookUpListener<A>> all = new ArrayList<>();

    Listeners(DnsMetrics metrics) {
        this.metrics = metrics;
    }

    void add(LookUpListener<A> listener) {
        all.add(listener);
    }

    void answer(A answer) {
        metrics.onAnswer();
        all.forEach(listener -> listener.onAnswer(answer));
    }

    void fail(LookUpFailure failure) {
        metrics.onFailure(failure.kind());
        all.forEach(listener -> listener.onFailed(failure));
    }
}
