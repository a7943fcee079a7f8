package dev.headgate.http.h2;

/**
 * What frames are made of (RFC 9113 §4.1, §6).
 * <pre>
 *   0               1               2               3
 *  +-----------------------------------------------+
 *  |                 length (24)                   |
 *  +---------------+---------------+---------------+
 *  |   type (8)    |   flags (8)   |
 *  +-+-------------+---------------+-------------------------------+
 *  |R|                stream identifier (31)                       |
 *  +=+=============================================================+
 *  |                   payload (length bytes) ...
 * </pre>
 */
final class Frames {
    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    static final int PRIORITY = 0x2;
    static final int RST_STREAM = 0x3;
    static final int SETTINGS = 0x4;
    static final int PUSH_PROMISE = 0x5;
    static final int PING = 0x6;
    static final int GOAWAY = 0x7;
    static final int WINDOW_UPDATE = 0x8;
    static final int CONTINUATION = 0x9;
    static final int PRIORITY_UPDATE = 0x10;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int HAS_PRIORITY = 0x20;

    static final int HEADER_BYTES = 9;
    static final int TYPE_OFFSET = 3;
    static final int FLAGS_OFFSET = 4;
    static final int STREAM_ID_OFFSET = 5;

    static final int PRIORITY_BYTES = 5;
    static final int RST_STREAM_BYTES = 4;
    static final int SETTING_BYTES = 6;
    static final int PING_BYTES = 8;
    static final int GOAWAY_BYTES_MIN = 8;
    static final int WINDOW_UPDATE_BYTES = 4;
    static final int PRIORITY_UPDATE_BYTES_MIN = 4;

    /** The smallest size that a peer may insist on, and the one that holds until it says more (RFC 9113 §4.2). */
    static final int PAYLOAD_BYTES_DEFAULT = 16_384;

    static final int PAYLOAD_BYTES_MAX = (1 << 24) - 1;
    static final int STREAM_ID_MAX = Integer.MAX_VALUE;
    static final int WINDOW_MAX = Integer.MAX_VALUE;
    static final int WINDOW_DEFAULT = 65_535;

    static final int SETTINGS_HEADER_TABLE_SIZE = 0x1;
    static final int SETTINGS_ENABLE_PUSH = 0x2;
    static final int SETTINGS_MAX_CONCURRENT_STREAMS = 0x3;
    static final int SETTINGS_INITIAL_WINDOW_SIZE = 0x4;
    static final int SETTINGS_MAX_FRAME_SIZE = 0x5;
    static final int SETTINGS_MAX_HEADER_LIST_SIZE = 0x6;
    static final int SETTINGS_ENABLE_CONNECT_PROTOCOL = 0x8;
    static final int SETTINGS_NO_RFC7540_PRIORITIES = 0x9;

    private Frames() {}
}
