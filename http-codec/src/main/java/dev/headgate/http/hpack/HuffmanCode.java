package dev.headgate.http.hpack;

import java.util.Arrays;

/**
 * The code of RFC 7541 appendix B, built from the lengths alone: it is canonical, so that codes of one length count up in
 * the order of their symbols.
 */
final class HuffmanCode {
    /** The symbol that ends strings in theory and never stands in one (RFC 7541 §5.2). */
    static final int EOS = 256;

    static final int LENGTH_MIN = 5;
    static final int LENGTH_MAX = 30;

    /** Length in bits, then the symbols that have it, as characters. */
    private static final String[] SHORT_CODES = {
        "5 012aceiost",
        "6  %-./3456789=A_bdfghlmnpru",
        "7 :BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz",
        "8 &*,;XZ",
        "10 !\"()?",
        "11 '+|",
        "12 #>",
        "13 \0$@[]~",
        "14 ^}",
        "15 <`{",
    };

    /** Length in bits, then the symbols that have it, in hexadecimal. */
    private static final String[] LONG_CODES = {
        "19 5c c3 d0",
        "20 80 82 83 a2 b8 c2 e0 e2",
        "21 99 a1 a7 ac b0 b1 b3 d1 d8 d9 e3 e5 e6",
        "22 81 84 85 86 88 92 9a 9c a0 a3 a4 a9 aa ad b2 b5 b9 ba bb bd be c4 c6 e4 e8 e9",
        "23 01 87 89 8a 8b 8c 8d 8f 93 95 96 97 98 9b 9d 9e a5 a6 a8 ae af b4 b6 b7 bc bf c5 e7 " + "ef",
        "24 09 8e 90 91 94 9f ab ce d7 e1 ec ed",
        "25 c7 cf ea eb",
        "26 c0 c1 c8 c9 ca cd d2 d5 da db ee f0 f2 f3 ff",
        "27 cb cc d3 d4 d6 dd de df f1 f4 f5 f6 f7 f8 fa fb fc fd fe",
        "28 02 03 04 05 06 07 08 0b 0c 0e 0f 10 11 12 13 14 15 17 18 19 1a 1b 1c 1d 1e 1f 7f dc " + "f9",
        "30 0a 0d 16",
    };

    /** Per symbol: bits of its code. */
    static final byte[] LENGTHS = lengths();
    /** Per symbol: its code, the last bit lowest. */
    static final int[] CODES = new int[EOS + 1];

    /** All symbols in the order of their codes. */
    static final short[] BY_CODE = new short[EOS + 1];
    /** Per length: the first code of that length. */
    static final int[] FIRST_CODE = new int[LENGTH_MAX + 1];
    /** Per length: the first value of so many bits with which longer codes begin. */
    static final int[] END_CODE = new int[LENGTH_MAX + 1];
    /** Per length: the place of that code's symbol in {@link #BY_CODE}. */
    static final int[] FIRST_PLACE = new int[LENGTH_MAX + 1];

    static {
        int code = 0;
        int place = 0;
        for (int length = LENGTH_MIN; length <= LENGTH_MAX; length++) {
            code <<= 1;
            FIRST_CODE[length] = code;
            FIRST_PLACE[length] = place;
            for (int symbol = 0; symbol <= EOS; symbol++) {
                if (LENGTHS[symbol] == length) {
                    CODES[symbol] = code++;
                    BY_CODE[place++] = (short) symbol;
                }
            }
            END_CODE[length] = code;
        }
        if (place != BY_CODE.length || code != 1 << LENGTH_MAX) {
            throw new AssertionError("not a complete code: symbols=" + place);
        }
    }

    private HuffmanCode() {}

    private static byte[] lengths() {
        var lengths = new byte[EOS + 1];
        Arrays.fill(lengths, (byte) LENGTH_MAX);
        for (String row : SHORT_CODES) {
            int space = row.indexOf(' ');
            for (int i = space + 1; i < row.length(); i++) {
                lengths[row.charAt(i)] = Byte.parseByte(row.substring(0, space));
            }
        }
        for (String row : LONG_CODES) {
            int space = row.indexOf(' ');
            for (int i = space + 1; i < row.length(); i += 3) {
                lengths[Integer.parseInt(row, i, i + 2, 16)] = Byte.parseByte(row.substring(0, space));
            }
        }
        return lengths;
    }
}
