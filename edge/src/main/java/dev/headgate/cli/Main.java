package dev.headgate.cli;

/** Where the JVM begins. */
public final class Main {
    private Main() {}

    /** Does what the arguments ask for, and ends the process with its exit code. */
    public static void main(String[] args) {
        int exitCode = Program.ofProcess(new HeadgateLauncher(System.err)).execute(args);
        System.out.flush();
        System.exit(exitCode);
    }
}
