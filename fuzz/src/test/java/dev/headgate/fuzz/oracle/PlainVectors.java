package dev.headgate.fuzz.oracle;

import java.util.ArrayList;
import java.util.List;

/** A text of numbers and vectors (RFC 8446 §3.4), a character per byte, taken from its front. */
final class PlainVectors {
    private String rest;

    PlainVectors(String text) {
        rest = text;
    }

    /** What was asked for is not there, or not allowed. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what) {
            super(what);
        }
    }

    static void want(boolean holds, String what) throws Malformed {
        if (!holds) {
            throw new Malformed(what);
        }
    }

    boolean isEmpty() {
        return rest.isEmpty();
    }

    int length() {
        return rest.length();
    }

    String take(int length) throws Malformed {
        want(length <= rest.length(), "too short");
        String taken = rest.substring(0, length);
        rest = rest.substring(length);
        return taken;
    }

    int number(int bytes) throws Malformed {
        int value = 0;
        for (char b : take(bytes).toCharArray()) {
            value = value << 8 | b;
        }
        return value;
    }

    /** A vector whose length takes so many bytes. */
    String vector(int lengthBytes) throws Malformed {
        return take(number(lengthBytes));
    }

    /** The vector that all the rest is, of at least {@code min} bytes. */
    PlainVectors all(int lengthBytes, int min) throws Malformed {
        String vector = vector(lengthBytes);
        want(isEmpty() && vector.length() >= min, "length");
        return new PlainVectors(vector);
    }

    /** The rest as codes, without reserved ones (RFC 8701 §2). */
    List<Integer> codes() throws Malformed {
        List<Integer> codes = new ArrayList<>();
        while (!isEmpty()) {
            String code = take(2);
            if (!isReserved(code)) {
                codes.add(code.charAt(0) << 8 | code.charAt(1));
            }
        }
        return codes;
    }

    /** Twice the same byte, which ends with a. */
    static boolean isReserved(String bytes) {
        return bytes.length() == 2 && bytes.charAt(0) == bytes.charAt(1) && bytes.charAt(0) % 16 == 10;
    }
}
