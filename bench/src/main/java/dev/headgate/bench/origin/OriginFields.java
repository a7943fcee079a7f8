package dev.headgate.bench.origin;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The fields of all responses of a loop, whose date is made once a second. */
@HotPath
@LoopConfined
final class OriginFields {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int STORE_BYTES = 256;
    private static final byte[] SERVER = ascii("Server");
    private static final byte[] SERVER_NAME = ascii("headgate-origin");
    private static final byte[] CONTENT_TYPE = ascii("Content-Type");
    private static final byte[] TEXT = ascii("text/plain");
    private static final byte[] DATE_NAME = ascii("Date");

    private final EventLoop loop;
    private final FieldSection section = new FieldSection();
    private final ByteBuffer store = ByteBuffer.allocateDirect(STORE_BYTES);
    private byte[] date = {};
    private long dateSecond = -1;

    OriginFields(EventLoop loop) {
        this.loop = loop;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The text of now. */
    byte[] date() {
        long second = loop.wallMs() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = ascii(DATE.format(Instant.ofEpochSecond(second)));
            section.startIn(store);
            section.add(SERVER, SERVER_NAME);
            section.add(CONTENT_TYPE, TEXT);
            section.add(DATE_NAME, date);
        }
        return date;
    }

    /** As HTTP/2 sends them. */
    FieldSection section() {
        date();
        return section;
    }
}
