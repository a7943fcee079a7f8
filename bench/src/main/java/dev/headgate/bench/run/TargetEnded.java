package dev.headgate.bench.run;

/** A target is not there any more; the message says how that came, behind its name. */
final class TargetEnded extends Exception {
    private static final long serialVersionUID = 1;

    TargetEnded(String message) {
        super(message);
    }
}
