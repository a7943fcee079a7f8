package dev.headgate.http.h2;

/**
 * Bounds what the lists of open streams hold beyond what a sender ever needs (RFC 7541 §7.3). One byte of a block can stand for a line of
 * 4 KiB, which is then held until its stream is done with.
 *
 * <p>A list that says nothing twice is no longer than this: the lines of both tables, each of them once, and what came as literals with its
 * own block, of which Huffman codes make at most eight bytes out of five. So any number of requests with one long cookie are in order, for a
 * byte each. What a list has beyond is surplus, for which nothing but memory speaks; all open streams together may have a little of it. What
 * else the peer has sent buys no more: a long upload would pay for a bomb behind it.
 */
final class HeldSurplus {
    /** More than a list can use of the static table, with the names in it that several lines begin with. */
    static final int STATIC_TABLE_BYTES = 1 << 10;

    /** What a literal may unpack to for each of its bytes, with the name that it has from a table. */
    static final int LITERAL_RATIO = 4;

    private final int bytesMax;
    private int bytes;

    /** @param bytesMax what there is room for: some for those who repeat a short line now and then */
    HeldSurplus(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * The surplus of a head.
     *
     * @param listBytes its lines, and what a path becomes longer by that has to be escaped
     * @param tableBytes the dynamic table before its block
     * @param blockBytes the block
     */
    static int of(int listBytes, int tableBytes, int blockBytes) {
        return ofTrailers(listBytes, tableBytes, blockBytes, 0);
    }

    /** What a list has of the tables: literals do not explain it. */
    static int used(int listBytes, int blockBytes) {
        return Math.max(0, listBytes - LITERAL_RATIO * blockBytes);
    }

    /**
     * The surplus of trailers, for which the tables explain what they have not explained of the head.
     *
     * @param usedBytes what the head has of the tables
     */
    static int ofTrailers(int listBytes, int tableBytes, int blockBytes, int usedBytes) {
        int leftBytes = Math.max(0, tableBytes + STATIC_TABLE_BYTES - usedBytes);
        return Math.max(0, used(listBytes, blockBytes) - leftBytes);
    }

    /** Whether it could be taken if no other stream had any. */
    boolean admits(int surplus) {
        return surplus <= bytesMax;
    }

    /** Counts the surplus of a stream in, if there is room for it. */
    boolean take(int surplus) {
        if (surplus > bytesMax - bytes) {
            return false;
        }
        bytes += surplus;
        return true;
    }

    void giveBack(int surplus) {
        bytes -= surplus;
    }
}
