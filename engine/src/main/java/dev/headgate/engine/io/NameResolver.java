package dev.headgate.engine.io;

import dev.headgate.engine.AnyThread;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Looks host names up. */
@AnyThread
public interface NameResolver {
    /** Takes the answer; called once, on a thread of the pool. */
    interface Answer {
        /** {@code addresses} is not empty and in the resolver's order. */
        void onResolved(List<InetAddress> addresses);

        void onFailed(IOException failure);
    }

    /**
     * Looks {@code host} up on {@code pool}.
     *
     * @return false when the pool did not take the work; {@code answer} is not called
     */
    boolean resolve(String host, WorkPool pool, Answer answer);
}
