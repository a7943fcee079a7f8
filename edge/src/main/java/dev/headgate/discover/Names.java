package dev.headgate.discover;

import dev.headgate.engine.AnyThread;
import java.net.InetAddress;
import java.util.List;

/** Looks names up for sources, without having them wait. */
@AnyThread
public interface Names {
    /** What has become of a look-up. */
    sealed interface Answer {
        /**
         * The name has addresses.
         *
         * @param addresses not empty, in the order in which they were found
         */
        record Found(List<InetAddress> addresses) implements Answer {
            public Found {
                addresses = List.copyOf(addresses);
            }
        }

        /**
         * Nothing is known.
         *
         * @param reason for the log
         */
        record Failed(String reason) implements Answer {}
    }

    /** Takes an answer, once, on any thread; it must not block. */
    @FunctionalInterface
    interface Asker {
        void onAnswer(Answer answer);
    }

    /** Looks up the addresses of {@code host}. */
    void lookUp(String host, Asker asker);
}
