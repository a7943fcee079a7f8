package dev.headgate.config;

import dev.headgate.config.UpstreamConfig.ReplayFile;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.MappedSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.Optional;

/** The keys of temporary files for requests that may have to be sent again. */
final class ReplayFileLanguage {
    static final ObjectSpec<ReplayFile> REPLAY_FILE = replayFile();
    static final Spec<Optional<ReplayFile>> REPLAY_FILE_OR_OFF = orOff();

    private ReplayFileLanguage() {}

    private static Spec<Optional<ReplayFile>> orOff() {
        Spec<Optional<ReplayFile>> object =
                new MappedSpec<>(REPLAY_FILE, Optional::of, file -> file.orElseThrow(IllegalStateException::new));
        ScalarSpec<Optional<ReplayFile>> word =
                Scalars.words(Words.of("on", Optional.of(REPLAY_FILE.defaults()), "off", Optional.<ReplayFile>empty()));
        return new ShorthandSpec<>(word, object, Optional::isEmpty);
    }

    private static ObjectSpec<ReplayFile> replayFile() {
        var spec = ObjectSpec.<ReplayFile>named(
                "upstream.retry.replayFile",
                "A temporary file for what replayBytes does not hold, so that longer requests can be sent again too.");
        var max = spec.withDefault(
                "max",
                Sizes.between(64 * Sizes.KIB, Sizes.TIB),
                64 * Sizes.MIB,
                "Longest content of one request in a file. A longer one streams on and is not sent again.");
        var directory = spec.optional(
                "directory",
                Scalars.text("folder", "the path of a folder", ReplayFileLanguage::checkFolder),
                "Where files take their room; the JVM's java.io.tmpdir by default. Names are gone at once where the system lets them be.");
        var wait = spec.withDefault(
                "wait",
                Durations.between(10 * Durations.MILLISECOND, Durations.MINUTE),
                Durations.SECOND,
                "How long a client is held up by a disk that is slower. Then the request streams on and is not sent again.");
        return spec.build(new Shape<>() {
            @Override
            public ReplayFile make(Values<ReplayFile> values) {
                return new ReplayFile(values.get(max), Optional.ofNullable(values.find(directory)), values.get(wait));
            }

            @Override
            public void split(ReplayFile file, Values<ReplayFile> values) {
                values.put(max, file.maxBytes());
                values.put(directory, file.directory().orElse(null));
                values.put(wait, file.waitNs());
            }
        });
    }

    private static String checkFolder(ScalarSpec.Value value) throws Refused {
        String path = value.text();
        if (path.isBlank() || path.indexOf('\0') >= 0) throw Refused.badValue("not a folder");
        return path;
    }
}
