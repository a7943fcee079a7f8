package dev.headgate.tls.hello;

/**
 * What a hello may be before it is refused.
 *
 * @param helloBytes longest hello, without the 4 bytes of its handshake header
 * @param recordCount most records that a hello is spread over
 * @param wireBytes most bytes up to the end of the hello, with those of all headers: what a listener has to buffer
 * @param extensionCount most extensions, unknown ones included
 * @param protocolCount most application protocols, reserved ones (RFC 8701) not counted
 */
public record HelloLimits(int helloBytes, int recordCount, int wireBytes, int extensionCount, int protocolCount) {
    /** No hello can be allowed to be longer than this. */
    public static final int HELLO_BYTES_MAX = 64 << 10;

    /**
     * A browser's hello has about 2,000 bytes in one or two records, some 20 extensions and two or three protocols; one
     * of 1,024 bytes that is sent in records of one byte each is still read.
     */
    public static final HelloLimits DEFAULTS = new HelloLimits(16 << 10, 1_028, 20 << 10, 64, 32);

    private static final int RECORD_COUNT_MAX = HELLO_BYTES_MAX + Wire.MESSAGE_HEADER_BYTES;
    private static final int WIRE_BYTES_MAX = RECORD_COUNT_MAX * (1 + Wire.RECORD_HEADER_BYTES);

    public HelloLimits {
        checkRange("helloBytes", helloBytes, 64, HELLO_BYTES_MAX);
        checkRange("recordCount", recordCount, 1, RECORD_COUNT_MAX);
        checkRange("wireBytes", wireBytes, 64, WIRE_BYTES_MAX);
        checkRange("extensionCount", extensionCount, 16, 256);
        checkRange("protocolCount", protocolCount, 1, 256);
    }

    /** This with another longest hello; the bytes of the wire grow or shrink by the same. */
    public HelloLimits withHelloBytes(int bytes) {
        return new HelloLimits(bytes, recordCount, wireBytes + bytes - helloBytes, extensionCount, protocolCount);
    }

    private static void checkRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " out of range: value=" + value + ", min=" + min + ", max=" + max);
        }
    }
}
