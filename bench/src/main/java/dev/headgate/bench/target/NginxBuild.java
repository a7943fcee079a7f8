package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Ability;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an nginx can do: that depends on its age, and on what was built into it.
 *
 * @param version as one number, see {@link #isFrom}; 0 when it does not say
 * @param hasHttp2 whether the module for HTTP/2 with clients is in it
 */
record NginxBuild(int version, boolean hasHttp2) {
    private static final Pattern VERSION = Pattern.compile("nginx/(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final String HTTP2_MODULE = "--with-http_v2_module";
    private static final int SCALE = 1000;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    /** Asks the program. */
    static NginxBuild of(FoundProgram program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program.command());
        command.add("-V");
        return parse(
                ShortRun.of(command, Map.of(), ANSWER_MAX).map(ShortRun::output).orElse(""));
    }

    /** Reads what it says of how it was built. */
    static NginxBuild parse(String said) {
        Matcher version = VERSION.matcher(said);
        int number = version.find()
                ? number(
                        Integer.parseInt(version.group(1)),
                        Integer.parseInt(version.group(2)),
                        Integer.parseInt(version.group(3)))
                : 0;
        return new NginxBuild(number, said.contains(HTTP2_MODULE));
    }

    private static int number(int major, int minor, int patch) {
        return (major * SCALE + minor) * SCALE + patch;
    }

    private boolean isFrom(int major, int minor, int patch) {
        return version >= number(major, minor, patch);
    }

    /** Whether {@code http2} is a directive of its own, rather than a word of {@code listen}. */
    boolean hasHttp2Directive() {
        return isFrom(1, 25, 1);
    }

    Set<Ability> abilities() {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        if (hasHttp2) abilities.add(Ability.HTTP_2);
        if (isFrom(1, 29, 4)) abilities.add(Ability.HTTP_2_ORIGIN);
        return abilities;
    }
}
