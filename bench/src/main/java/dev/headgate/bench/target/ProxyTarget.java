package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Ability;
import dev.headgate.bench.scenario.Doors;
import dev.headgate.bench.target.Processes.Lifeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program that is a proxy when it is started with a file of its own configuration language.
 *
 * @param name how it is called
 * @param version which program it is
 * @param loops event loops, workers or threads
 * @param prefix what comes before its command, to pin it
 * @param recipe how it is configured and started
 */
public record ProxyTarget(String name, String version, int loops, List<String> prefix, Recipe recipe)
        implements Target {
    private static final Duration START_MAX = Duration.ofSeconds(30);
    private static final int TRIES = 3;

    /** What differs from program to program. */
    public interface Recipe {
        /** The name of its configuration. */
        String fileName();

        /** Its configuration. */
        String configuration(ProxySetup setup);

        /** What it is able to do beside HTTP/1.1. */
        Set<Ability> abilities();

        /** The command line that runs it in the foreground with that file. */
        List<String> command(Path file);

        /** Variables of its environment beside ours. */
        default Map<String, String> variables() {
            return Map.of();
        }

        /** What is needed once before it is started for the first time. */
        default void prepare() throws InterruptedException {}
    }

    @Override
    public boolean can(Set<Ability> abilities) {
        return recipe.abilities().containsAll(abilities);
    }

    @Override
    public void prepare() throws InterruptedException {
        recipe.prepare();
    }

    @Override
    public Started start(Host host, Needs needs) throws IOException, InterruptedException {
        String lastWords = "";
        // Another program may take the free port first.
        for (int i = 0; i < TRIES; i++) {
            Path folder = host.processes().folderOf(name);
            ProxySetup setup = setup(folder, host, needs);
            Path file = folder.resolve(recipe.fileName());
            Files.writeString(file, recipe.configuration(setup));
            List<String> command = new ArrayList<>(prefix);
            command.addAll(recipe.command(file));
            ServerProcess process = host.processes().start(name, command, recipe.variables(), folder, Lifeline.PARENT);
            if (Ports.awaitAnswer(setup.listenPort(), process, START_MAX)) {
                process.noteBelow(); // Should it end by itself, its workers may not.
                return new Started(doors(setup), process);
            }
            host.processes().stop(process);
            lastWords = process.lastWords();
        }
        throw new IOException(name + " does not start: " + lastWords);
    }

    private ProxySetup setup(Path folder, Host host, Needs needs) throws IOException {
        boolean isHttp2 = wants(needs, Ability.HTTP_2);
        return new ProxySetup(
                Ports.free(),
                tls(needs),
                isHttp2 ? Ports.free() : 0,
                isHttp2 && wants(needs, Ability.HTTP_2_ORIGIN) ? tls(needs) : null,
                host.origin().doors().plainPort(),
                loops,
                needs.connectionsMax(),
                folder);
    }

    /** Whether it is wanted, and can be had. */
    private boolean wants(Needs needs, Ability ability) {
        return needs.abilities().contains(ability) && recipe.abilities().contains(ability);
    }

    private static ProxySetup.@Nullable Tls tls(Needs needs) throws IOException {
        BenchCertificate certificate = needs.certificate();
        return certificate == null ? null : new ProxySetup.Tls(Ports.free(), certificate);
    }

    private static Doors doors(ProxySetup setup) {
        return new Doors(setup.listenPort(), setup.http2Port(), secure(setup.tls()), secure(setup.toHttp2Origin()));
    }

    private static Doors.@Nullable Secure secure(ProxySetup.@Nullable Tls tls) {
        return tls == null
                ? null
                : new Doors.Secure(tls.port(), tls.certificate().chain());
    }
}
