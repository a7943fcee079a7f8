package dev.headgate.fuzz.work;

/**
 * The count that {@link CountingLoader} makes our classes keep: calls of their methods, and branches that they come to.
 * Every turn of a loop has a branch, so what grows faster than an input shows here, on any machine alike. What the
 * platform does within one call, such as a copy of a range, counts as nothing.
 */
public final class Work {
    /** Since the process began. Public for the classes that count, which have another loader. */
    public static long count;

    /** Calls among these of what finds things by {@code hashCode}, whose own work is the platform's and not counted. */
    public static long hashed;

    private Work() {}
}
