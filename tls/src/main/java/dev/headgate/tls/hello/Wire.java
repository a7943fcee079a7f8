package dev.headgate.tls.hello;

/** Numbers of the record and handshake layers (RFC 8446 §4, §5.1), and of what precedes or resembles them. */
final class Wire {
    //   record header: type (1) | legacy version (2) | length (2)
    static final int RECORD_HEADER_BYTES = 5;
    static final int RECORD_VERSION_OFFSET = 1;
    static final int RECORD_LENGTH_OFFSET = 3;
    static final int RECORD_BYTES_MAX = 1 << 14;

    //   handshake header: type (1) | length (3)
    static final int MESSAGE_HEADER_BYTES = 4;
    static final int MESSAGE_LENGTH_MASK = 0xFF_FFFF;

    static final int CHANGE_CIPHER_SPEC = 20;
    static final int HANDSHAKE = 22;
    static final int HEARTBEAT = 24;
    static final int CLIENT_HELLO = 1;
    static final int VERSION_MAJOR = 3;

    //   SSL 2.0 hello: 1 and length (2) | message type (1)
    static final int SSLV2_MARK = 0x80;
    static final int SSLV2_TYPE_OFFSET = 2;

    static final int METHOD_BYTES_MAX = 32;

    private Wire() {}
}
