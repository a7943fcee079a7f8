package dev.headgate.testkit.h2;

import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;

/**
 * Field blocks as bytes (RFC 7541 §6), right or wrong: fields as literals that enter no table unless asked for, without
 * Huffman codes.
 */
public final class FieldBlock {
    private FieldBlock() {}

    /** Names and values in turn, as they are; see {@link Wire}. */
    public static byte[] of(String... namesAndValues) {
        byte[] block = new byte[0];
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block = Wire.join(block, literal(namesAndValues[i], namesAndValues[i + 1]));
        }
        return block;
    }

    /** A GET for this path at host {@code a}, with further fields. */
    public static byte[] get(String path, String... namesAndValues) {
        return request("GET", path, namesAndValues);
    }

    /** A POST to this path at host {@code a}, with further fields. */
    public static byte[] post(String path, String... namesAndValues) {
        return request("POST", path, namesAndValues);
    }

    /** A request for this path at host {@code a}, with further fields. */
    public static byte[] request(String method, String path, String... namesAndValues) {
        return Wire.join(
                of(":method", method, ":scheme", "http", ":path", path, ":authority", "a"), of(namesAndValues));
    }

    /** A field that enters no table. */
    public static byte[] literal(String name, String value) {
        return field(0x00, name, value);
    }

    /** A field that enters the table, where it is the first from then on, index 62. */
    public static byte[] entering(String name, String value) {
        return field(0x40, name, value);
    }

    private static byte[] field(int first, String name, String value) {
        return Wire.join(new byte[] {(byte) first}, string(name), string(value));
    }

    /** The field that a table has at this index. */
    public static byte[] indexed(int index) {
        return integer(0x80, 7, index);
    }

    /** A change of the table's size. */
    public static byte[] sizeUpdate(long bytes) {
        return integer(0x20, 5, bytes);
    }

    private static byte[] string(String text) {
        byte[] bytes = Wire.bytes(text);
        return Wire.join(integer(0x00, 7, bytes.length), bytes);
    }

    /** A number behind the bits that say what it is (RFC 7541 §5.1). */
    public static byte[] integer(int first, int prefixBits, long value) {
        var out = new ByteArrayOutputStream();
        int prefixMax = (1 << prefixBits) - 1;
        if (value < prefixMax) {
            out.write(first | (int) value);
            return out.toByteArray();
        }
        out.write(first | prefixMax);
        long rest = value - prefixMax;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }
}
