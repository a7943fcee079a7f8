package dev.headgate.bench.report;

import dev.headgate.bench.result.TargetInfo;
import java.util.List;

/** Which look a target has in all pictures: the usual ones always the same, further ones those that are left. */
final class Looks {
    private static final List<String> USUAL = List.of("direct", "headgate", "nginx", "haproxy");

    private final List<TargetInfo> further;

    Looks(List<TargetInfo> targets) {
        this.further = targets.stream()
                .filter(target -> !USUAL.contains(target.name()))
                .toList();
    }

    int of(TargetInfo target) {
        int usual = USUAL.indexOf(target.name());
        return usual >= 0 ? usual : USUAL.size() + further.indexOf(target);
    }
}
