package dev.headgate.http.hpack;

/**
 * What a decoder takes of one block before it refuses the message. Up to twice of each it goes on decoding, so that the
 * table stays that of the peer; beyond it stops.
 *
 * @param fieldCount most fields, each crumb of a cookie and each pseudo-header field counted
 * @param listBytes most bytes of all names and values and 32 for each field (RFC 9113 §6.5.2)
 * @param nameBytes longest name
 */
public record HpackLimits(int fieldCount, int listBytes, int nameBytes) {
    /** No list can be allowed to be larger. */
    public static final int LIST_BYTES_MAX = 16 << 20;

    public HpackLimits {
        if (fieldCount < 1 || fieldCount > 65_535 || listBytes < 32 || listBytes > LIST_BYTES_MAX) {
            throw new IllegalArgumentException("out of range: fieldCount=" + fieldCount + ", listBytes=" + listBytes);
        }
        if (nameBytes < 8 || nameBytes > 65_535) {
            throw new IllegalArgumentException("out of range: nameBytes=" + nameBytes);
        }
    }

    /** Room that a store needs for every block within these limits, and for what is decoded of one beyond. */
    public int storeBytes() {
        return 2 * listBytes;
    }
}
