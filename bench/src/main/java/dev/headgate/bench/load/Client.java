package dev.headgate.bench.load;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has one request at a time: over a connection of its own by HTTP/1.1 ({@link ClientConnection}), on a stream of a shared one by HTTP/2
 * ({@link Http2Client}). What answers have to be, and the owner's book-keeping, are the same for both.
 */
@HotPath
@LoopConfined
abstract class Client {
    /** Who decides what a client does. Called last in an event, and may let the client go on at once. */
    interface Owner {
        /** The client is free for the first request. */
        void onConnected(Client client);

        /**
         * The answer is complete.
         *
         * @param fault what was wrong with it
         */
        void onAnswered(Client client, @Nullable LoadError fault);

        /** A connect or a request has failed; the client is closed. */
        void onFailed(Client client, LoadError fault);

        /** The peer has ended the connection while the client was free; the client is closed. */
        void onLost(Client client);
    }

    final ClientKit kit;
    final Owner owner;

    // The answer under way.
    private short status;
    private long contentBytes; // received
    private boolean isContentWrong;

    // The owner's own.
    long dueNs; // from when its latency counts
    long sentNs; // from when its time-out counts
    boolean hasBeenOpen;

    @Nullable
    Client previous;

    @Nullable
    Client next;

    @Nullable
    ClientList list;

    Client(ClientKit kit, Owner owner) {
        this.kit = kit;
        this.owner = owner;
    }

    // ---- what the owner asks for

    abstract boolean isClosed();

    abstract boolean isConnecting();

    /**
     * Has itself connected; {@link Owner#onConnected} or {@link Owner#onFailed} follows, not from within this call.
     *
     * @return whether a connection is opened for it, rather than one there is be shared
     */
    abstract boolean dial();

    /** Sends the request. */
    abstract void send();

    /** Has done with its connection, without anybody being told. */
    abstract void drop(boolean isOrderly);

    /** The owner has waited for long enough. */
    abstract void timeOut();

    /** Bytes of content in the last answer. */
    final long contentBytes() {
        return contentBytes;
    }

    // ---- the answer

    final void beginAnswer() {
        status = 0;
        contentBytes = 0;
        isContentWrong = false;
    }

    final void onStatus(int code) {
        status = (short) code;
    }

    /** Takes content. */
    final void take(ByteBuffer bytes, int count) {
        if (kit.isContentVerified && !isContentWrong) {
            isContentWrong = !kit.pattern.matches(contentBytes, bytes, count);
        }
        contentBytes += count;
        bytes.position(bytes.position() + count);
    }

    /** What is wrong with the answer, which is complete. */
    final @Nullable LoadError faultOfAnswer() {
        LoadRequest request = kit.request;
        if (status != request.expectedStatus()) {
            kit.examples.add(LoadError.STATUS, "status", status);
            return LoadError.STATUS;
        }
        if (request.expectedBytes() != LoadRequest.ANY_LENGTH && contentBytes != request.expectedBytes()) {
            kit.examples.add(LoadError.LENGTH, "bytes of content:", contentBytes);
            return LoadError.LENGTH;
        }
        if (isContentWrong) {
            kit.examples.add(LoadError.CONTENT, "not the content of the built-in origin");
            return LoadError.CONTENT;
        }
        return null;
    }
}
