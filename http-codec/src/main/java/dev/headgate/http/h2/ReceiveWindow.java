package dev.headgate.http.h2;

/**
 * What the peer may send (RFC 9113 §6.9). Of the whole size, each byte is in one of three places: announced to the peer,
 * held by the owner, or given back and yet to be announced; the peer hears of these once they are half of the whole.
 */
final class ReceiveWindow {
    /** The whole. */
    private int sizeBytes;
    /** What the peer may still send; negative after the size has been lowered. */
    private int announcedBytes;
    /** Given back, and not announced. */
    private int returnedBytes;

    ReceiveWindow(int bytes) {
        reset(bytes);
    }

    void reset(int bytes) {
        sizeBytes = bytes;
        announcedBytes = bytes;
        returnedBytes = 0;
    }

    /** Takes in what has come; false when the peer was not allowed to send so much. Nothing is always allowed (RFC 9113 §6.9.1). */
    boolean receive(int bytes) {
        if (bytes > Math.max(0, announcedBytes)) {
            return false;
        }
        announcedBytes -= bytes;
        return true;
    }

    void giveBack(int bytes) {
        returnedBytes += bytes;
    }

    /** What the peer is to be told of now, which counts as announced; zero for nothing yet. */
    int takeUpdate() {
        if (returnedBytes == 0 || returnedBytes < sizeBytes / 2) {
            return 0;
        }
        int update = returnedBytes;
        returnedBytes = 0;
        announcedBytes += update;
        return update;
    }

    /** Announces another size: the peer changes its window by the difference. */
    void resize(int bytes) {
        announcedBytes += bytes - sizeBytes;
        sizeBytes = bytes;
    }

    /** What is not held by the owner. */
    int freeBytes() {
        return announcedBytes + returnedBytes;
    }
}
