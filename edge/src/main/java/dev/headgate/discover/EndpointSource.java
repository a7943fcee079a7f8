package dev.headgate.discover;

import java.util.List;

/** Where some endpoints of an upstream come from. Used by one thread. */
interface EndpointSource {
    /**
     * Does what is due, and takes in what has been found out since.
     *
     * @return whether {@link #current} is another than before
     */
    boolean doWork(long nowNs);

    /** The endpoints that there are to be, by what is known now. */
    List<WantedEndpoint> current();

    /** Whether there are none because what leads to them could not be looked up. */
    boolean isUnresolved();

    /** Whether what leads to them is being looked up, and nothing has come of that so far: no answer, no failure, and the time is not over. */
    boolean isAwaited();

    /** How many names there are to look up. */
    int names();
}
