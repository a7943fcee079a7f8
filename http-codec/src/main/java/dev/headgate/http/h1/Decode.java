package dev.headgate.http.h1;

/** What a decoder answers. */
public final class Decode {
    /** The message goes on in bytes that are not there yet. */
    public static final int NEED_MORE = 0;
    /** A head is whole. */
    public static final int COMPLETE = 1;
    /** The peer broke a rule: see the violation. Nothing of the connection can be trusted from here on. */
    public static final int REFUSED = 2;
    /** Body bytes lie at the position. */
    public static final int DATA = 3;
    /** The message's content has ended. */
    public static final int END = 4;

    private Decode() {}
}
