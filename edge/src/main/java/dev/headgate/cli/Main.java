package dev.headgate.cli;

/** Where the JVM begins. */
public final class Main {
    private static final String SELECTOR_PROVIDER = "java.nio.channels.spi.SelectorProvider";
    private static final String SELECTOR_PROVIDER_OF_LINUX = "sun.nio.ch.EPollSelectorProvider";

    private static final int FEATURE_TRIED_MAX = 25;

    private Main() {}

    /** Does what the arguments ask for, and ends the process with its exit code. */
    public static void main(String[] args) {
        nameSelectorProvider();
        int exitCode = Program.ofProcess(new HeadgateLauncher(System.err)).execute(args);
        System.out.flush();
        System.exit(exitCode);
    }

    /**
     * Names the provider that the platform takes by itself in the end. Unless it has a name, it first opens every jar of the
     * program to look for another, which takes longer than all the sockets of a start. A later JDK than the one tried may
     * call it something else, and nothing but the search says so without failing.
     */
    private static void nameSelectorProvider() {
        if (System.getProperty("os.name").equals("Linux")
                && Runtime.version().feature() <= FEATURE_TRIED_MAX
                && System.getProperty(SELECTOR_PROVIDER) == null) {
            System.setProperty(SELECTOR_PROVIDER, SELECTOR_PROVIDER_OF_LINUX);
        }
    }
}
