package dev.headgate.observe;

/** How many bytes a value may take in a record once encoded, so that the longest record fits a block; the rest is cut. */
final class FieldLimits {
    static final int REQUEST_ID_BYTES_MAX = 512;
    static final int CLIENT_BYTES_MAX = 512;
    static final int METHOD_BYTES_MAX = 512;
    static final int HOST_BYTES_MAX = 2 * 1024;
    static final int PATH_BYTES_MAX = 16 * 1024;
    static final int QUERY_BYTES_MAX = 8 * 1024;
    static final int USER_AGENT_BYTES_MAX = 8 * 1024;
    static final int REFERER_BYTES_MAX = 16 * 1024;

    private FieldLimits() {}

    static int encodedMax(ByteSpan text, int expansion, int limit) {
        // By long: a length near 2^31 must not wrap.
        return (int) Math.min((long) text.length() * expansion, limit);
    }
}
