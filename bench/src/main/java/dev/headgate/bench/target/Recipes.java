package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.target.ProxyTarget.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How each program is configured and started. */
public final class Recipes {
    private static final String SUPERUSER = "root";

    private Recipes() {}

    /**
     * nginx.
     *
     * @throws IOException when it cannot be asked how it was built
     */
    public static Recipe nginx(FoundProgram program) throws IOException, InterruptedException {
        NginxBuild build = NginxBuild.of(program);
        return new Recipe() {
            @Override
            public Set<Ability> abilities() {
                return build.abilities();
            }

            @Override
            public String fileName() {
                return "nginx.conf";
            }

            @Override
            public String configuration(ProxySetup setup) {
                return NginxConfig.text(setup, build, SUPERUSER.equals(System.getProperty("user.name")));
            }

            @Override
            public List<String> command(Path file) {
                // -e: nginx would open the error log that it was built with before it reads the file.
                return with(program.command(), "-e", "stderr", "-c", file.toString());
            }
        };
    }

    /** HAProxy. */
    public static Recipe haproxy(FoundProgram program) {
        return new Recipe() {
            @Override
            public Set<Ability> abilities() {
                return EnumSet.allOf(Ability.class);
            }

            @Override
            public String fileName() {
                return "haproxy.cfg";
            }

            @Override
            public String configuration(ProxySetup setup) {
                return HaproxyConfig.text(setup);
            }

            @Override
            public List<String> command(Path file) {
                return with(program.command(), "-db", "-f", file.toString());
            }
        };
    }

    /**
     * Headgate.
     *
     * @param javaOptions further flags of its JVM
     * @param settings further keys of its configuration
     * @param tlsProvider who does TLS; empty for the JDK
     */
    public static Recipe headgate(
            HeadgateProgram program,
            List<String> javaOptions,
            Map<String, String> settings,
            Optional<String> tlsProvider) {
        return new Recipe() {
            @Override
            public Set<Ability> abilities() {
                return EnumSet.allOf(Ability.class);
            }

            @Override
            public String fileName() {
                return "headgate.yaml";
            }

            @Override
            public String configuration(ProxySetup setup) {
                return HeadgateConfig.text(setup, settings, tlsProvider);
            }

            @Override
            public List<String> command(Path file) {
                return with(program.command(javaOptions), "run", "-c", file.toString());
            }

            @Override
            public Map<String, String> variables() {
                return program.variables(javaOptions);
            }

            @Override
            public void prepare() throws InterruptedException {
                program.train(javaOptions);
            }
        };
    }

    private static List<String> with(List<String> command, String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return all;
    }
}
