package dev.headgate.engine.io;

/** What a socket can be ready for, as bits; the values are those of {@code java.nio.channels.SelectionKey}. */
public final class Ops {
    public static final int READ = 1;
    public static final int WRITE = 1 << 2;
    public static final int CONNECT = 1 << 3;
    public static final int ACCEPT = 1 << 4;

    private Ops() {}
}
