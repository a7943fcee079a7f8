package dev.headgate.cli;

import sun.misc.Signal;

/**
 * Signals of the operating system. The one user of {@code sun.misc.Signal}: a shutdown hook would learn of the first
 * signal only, and could not refuse to end at a hang-up. There is no other way; jdk.unsupported exports it for that reason.
 */
final class ProcessSignals implements Signals {
    @Override
    public void onTerminate(Runnable action) {
        handle("TERM", action);
        handle("INT", action);
    }

    @Override
    public void onHangup(Runnable action) {
        handle("HUP", action);
    }

    private static void handle(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), signal -> action.run());
        } catch (IllegalArgumentException e) {
            // The system does not know the signal (Windows has no HUP), or the JVM was told to keep it (-Xrs): then the
            // default applies, which is to end.
        }
    }
}
