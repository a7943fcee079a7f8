package dev.headgate.cli;

import dev.headgate.cli.Launcher.BoundListener;
import dev.headgate.cli.Launcher.RunningProxy;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.StateFolder;
import dev.headgate.config.source.ProblemCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of a proxy in the foreground.
 *
 * <pre>
 *  launch ──ready line──> running ──first TERM or INT──> draining ──all done, or the limit──> ended: 0
 *     └──> failed: 1 or 3     │                             └──second one──> closed at once ──> ended: 0
 *                             └──proxy ends by itself──> ended: 0
 * </pre>
 */
final class ProxyRun {
    private final Launcher launcher;
    private final Signals signals;
    private final LongSupplier uptimeMs;
    private final Console console;
    private final AtomicInteger terminations = new AtomicInteger();

    ProxyRun(Launcher launcher, Signals signals, LongSupplier uptimeMs, Console console) {
        this.launcher = launcher;
        this.signals = signals;
        this.uptimeMs = uptimeMs;
        this.console = console;
    }

    /** What happens once listeners accept, before waiting for the end. */
    @FunctionalInterface
    interface WhenReady {
        void onReady(RunningProxy proxy);
    }

    /** Runs a proxy until it ends; returns the exit code. */
    int run(ProxyConfig config, StateFolder state) {
        return run(config, state, null);
    }

    /** Runs a proxy until it ends, with something to do once it is ready; returns the exit code. */
    int run(ProxyConfig config, StateFolder state, @Nullable WhenReady whenReady) {
        RunningProxy proxy;
        try {
            proxy = launcher.launch(config, state);
        } catch (LaunchException e) {
            return fail(e);
        }
        try {
            signals.onTerminate(() -> onTerminate(proxy, Duration.ofNanos(config.drainNs())));
            signals.onHangup(() -> console.err().println("headgate: hang-up ignored"));
            printReady(proxy.listeners());
            if (config.warmUpNs() > 0 && isTlsServed(config)) {
                Thread.ofPlatform().name("headgate-warm-up").daemon().start(proxy::warmUp);
            }
            if (whenReady != null) whenReady.onReady(proxy);
            proxy.awaitTermination();
            return ExitCode.FINE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FINE;
        } finally {
            proxy.close();
        }
    }

    private static boolean isTlsServed(ProxyConfig config) {
        for (ListenerConfig listener : config.listeners()) {
            if (listener.tls().isPresent()) return true;
        }
        return false;
    }

    private int fail(LaunchException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case PORT_TAKEN -> {
                console.fail(ProblemCode.PORT_TAKEN, message);
                yield ExitCode.ENVIRONMENT;
            }
            case CERTIFICATE -> {
                console.fail(ProblemCode.CERTIFICATE_UNUSABLE, message);
                yield ExitCode.ENVIRONMENT;
            }
            case ENVIRONMENT -> {
                console.fail(ProblemCode.START_FAILED, message);
                yield ExitCode.ENVIRONMENT;
            }
            case FAILED -> {
                console.fail(ProblemCode.START_FAILED, message);
                yield ExitCode.FAILED;
            }
        };
    }

    private void printReady(List<BoundListener> listeners) {
        StringBuilder line =
                new StringBuilder("ready in ").append(uptimeMs.getAsLong()).append(" ms:");
        String separator = " ";
        for (BoundListener listener : listeners) {
            line.append(separator).append(listener.name()).append(' ').append(listener.address());
            separator = ", ";
        }
        console.err().println(line);
    }

    /** Runs on the signal's thread: draining takes its time, so it gets a thread of its own. */
    private void onTerminate(RunningProxy proxy, Duration limit) {
        if (terminations.getAndIncrement() > 0) {
            proxy.close();
            return;
        }
        console.err().println("headgate: draining, at most " + limit.toSeconds() + " s; a second signal ends at once");
        Thread.ofPlatform().name("headgate-drain").daemon().start(() -> {
            proxy.drain(limit);
            proxy.close();
        });
    }
}
