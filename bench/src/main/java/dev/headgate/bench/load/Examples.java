package dev.headgate.bench.load;

import dev.headgate.engine.LoopConfined;
import java.util.ArrayList;
import java.util.List;

/** The first few failures in words. Once there are enough, adding costs a comparison: nothing is put into words. */
@LoopConfined
final class Examples {
    private final List<String> texts = new ArrayList<>();

    void add(LoadError kind, String what) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(kind.token() + ": " + what);
        }
    }

    void add(LoadError kind, String what, long number) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(kind.token() + ": " + what + ' ' + number);
        }
    }

    void add(LoadError kind, Enum<?> what) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(kind.token() + ": " + what);
        }
    }

    List<String> texts() {
        return texts;
    }
}
