package dev.headgate.discover;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.AnyThread;
import dev.headgate.resolve.AddressAnswer;

/** Looks names up for sources, without having them wait. */
@AnyThread
public interface Names {
    /** What has become of a look-up. */
    sealed interface Answer {
        /**
         * The name has addresses.
         *
         * @param most how many of one name count
         */
        record Found(AddressAnswer addresses, int most) implements Answer {}

        /**
         * Nothing is known.
         *
         * @param reason for the log
         * @param retryNs after which time asking again makes sense
         */
        record Failed(String reason, long retryNs) implements Answer {}
    }

    /** Takes an answer, once, on any thread; it must not block. */
    @FunctionalInterface
    interface Asker {
        void onAnswer(Answer answer);
    }

    /** Looks up those addresses of {@code host} that are {@code wanted}; there may be others in the answer. */
    void lookUp(String host, Family wanted, Asker asker);

    /** Takes note of what has changed in files of the system; may wait for them. Always by the same thread, from time to time. */
    void refresh(long nowNs);

    /** Takes no more look-ups. */
    void close();
}
