package dev.headgate.bench.load;

import dev.headgate.engine.LoopConfined;
import dev.headgate.tls.transport.TlsFailure;
import java.util.ArrayList;
import java.util.List;

/** The first few failures in words. Once there are enough, adding costs a comparison: nothing is put into words. */
@LoopConfined
final class Examples {
    private final String whose;
    private final List<String> texts = new ArrayList<>();

    /** Those of the load. */
    Examples() {
        this("");
    }

    /** Those of clients of another kind; {@code whose} is said before each. */
    Examples(String whose) {
        this.whose = whose;
    }

    void add(LoadError kind, String what) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(whose + kind.token() + ": " + what);
        }
    }

    void add(LoadError kind, String what, long number) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(whose + kind.token() + ": " + what + ' ' + number);
        }
    }

    void add(LoadError kind, String what, String detail) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(whose + kind.token() + ": " + what + ' ' + detail);
        }
    }

    void add(LoadError kind, Enum<?> what) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(whose + kind.token() + ": " + what);
        }
    }

    void add(LoadError kind, TlsFailure failure, String detail) {
        if (texts.size() < LoadResult.EXAMPLES_MAX) {
            texts.add(whose + kind.token() + ": " + failure.token() + ", " + detail);
        }
    }

    List<String> texts() {
        return texts;
    }
}
