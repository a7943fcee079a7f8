package dev.headgate.testkit.h2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Reads the code of RFC 7541 appendix B bit by bit, strictly. */
final class HuffmanReader {
    private static final int END = 256;

    /** Bits of each symbol's code, sixteen symbols a row; codes of one length count up in the order of symbols. */
    private static final int[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30
    };

    /** A binary tree: at 2 n and 2 n + 1 the nodes below n, or the symbol there as its complement; the root is 1. */
    private static final int[] TREE = tree();

    private HuffmanReader() {}

    private static int[] tree() {
        int[] symbols = IntStream.rangeClosed(0, END)
                .boxed()
                .sorted((a, b) -> LENGTHS[a] != LENGTHS[b] ? LENGTHS[a] - LENGTHS[b] : a - b)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] tree = new int[4 * symbols.length];
        int nodes = 2;
        int code = 0;
        int length = LENGTHS[symbols[0]];
        for (int symbol : symbols) {
            code <<= LENGTHS[symbol] - length;
            length = LENGTHS[symbol];
            int node = 1;
            for (int bit = length - 1; bit > 0; bit--) {
                int below = 2 * node + (code >> bit & 1);
                if (tree[below] == 0) {
                    tree[below] = nodes++;
                }
                node = tree[below];
            }
            tree[2 * node + (code & 1)] = ~symbol;
            code++;
        }
        return Arrays.copyOf(tree, 2 * nodes);
    }

    static String read(byte[] bytes, int from, int to) {
        byte[] text = new byte[(to - from) * 8 / 5 + 1];
        int length = 0;
        int node = 1;
        int pending = 0; // bits since the last symbol
        boolean isPadding = true; // these are all ones
        for (int bit = from * 8; bit < to * 8; bit++) {
            int value = bytes[bit / 8] >> 7 - bit % 8 & 1;
            node = TREE[2 * node + value];
            pending++;
            isPadding &= value == 1;
            if (node < 0) {
                if (~node == END) {
                    throw new AssertionError("the end symbol within a string");
                }
                text[length++] = (byte) ~node;
                node = 1;
                pending = 0;
                isPadding = true;
            }
        }
        if (pending > 7 || !isPadding) {
            throw new AssertionError("a string that ends in the middle of a symbol");
        }
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }
}
