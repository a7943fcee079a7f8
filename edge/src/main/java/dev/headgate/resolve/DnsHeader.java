package dev.headgate.resolve;

/**
 * Where things are in the header of a message (RFC 1035 §4.1.1).
 *
 * <pre>
 *  0        2        4            6          8            10           12
 *  +--------+--------+------------+----------+------------+------------+
 *  |   ID   | flags  | questions  | answers  | authority  | additional |
 *  +--------+--------+------------+----------+------------+------------+
 * </pre>
 */
final class DnsHeader {
    static final int ID = 0;
    static final int FLAGS = 2;
    static final int QUESTIONS = 4;
    static final int ANSWERS = 6;
    static final int AUTHORITIES = 8;
    static final int ADDITIONALS = 10;
    static final int BYTES = 12;

    static final int IS_RESPONSE = 0x8000;
    static final int OPCODE = 0x7800;
    static final int AUTHORITATIVE = 0x0400;
    static final int TRUNCATED = 0x0200;
    static final int RECURSION_DESIRED = 0x0100;
    static final int RECURSION_AVAILABLE = 0x0080;
    static final int RCODE = 0x000F;

    private DnsHeader() {}
}
