package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.Optional;

/**
 * Access log and error log.
 *
 * @param access empty: off; default JSON to standard output
 * @param level least severity that the error log shows; default {@link Level#INFO}
 */
@Immutable
public record LogConfig(Optional<AccessLog> access, Level level) {
    /**
     * One record per exchange.
     *
     * @param format default {@link Format#JSON}
     * @param target where records go; default {@link Target.Stdout}
     * @param bufferBytes records waiting to be written, per loop; default 1 MiB; what does not fit is dropped and counted
     */
    public record AccessLog(Format format, Target target, int bufferBytes) {}

    /** The form of a record. */
    public enum Format {
        /** One JSON object in a line. */
        JSON,
        /** The Common Log Format. */
        COMMON,
        /** Common, with referer and user agent. */
        COMBINED
    }

    /** Where records go. */
    public sealed interface Target {
        /** Standard output. */
        record Stdout() implements Target {}

        /** Standard error. */
        record Stderr() implements Target {}

        /**
         * A file, appended to.
         *
         * @param path as configured; relative to the working directory unless absolute
         */
        record File(String path) implements Target {}
    }

    /** Severity of a line of the error log. */
    public enum Level {
        /** Something that needs a hand. */
        ERROR,
        /** Something that may need one. */
        WARNING,
        /** Life cycle. */
        INFO,
        /** For tracing faults. */
        DEBUG
    }
}
