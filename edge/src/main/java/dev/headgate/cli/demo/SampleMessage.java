package dev.headgate.cli.demo;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads HTTP/1.1 messages from a blocking stream, as much as a sample needs: it trusts its peer to be well-formed, and is
 * only ever bound to the loopback address.
 */
final class SampleMessage {
    private static final int LINE_LENGTH_MAX = 64 << 10;
    private static final int LINES_MAX = 1000;

    private SampleMessage() {}

    /** The lines of a head without the empty one, or an empty list when the stream ended before it. */
    static List<String> readHead(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        int first = in.read();
        if (first < 0) return lines;
        String line = readLine(in, first);
        while (!line.isEmpty()) {
            lines.add(line);
            if (lines.size() > LINES_MAX) throw new IOException("too many lines in a head");
            line = readLine(in, in.read());
        }
        return lines;
    }

    private static String readLine(InputStream in, int first) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = first;
        while (next != '\n') {
            if (next < 0) throw new EOFException("the stream ended within a line");
            if (line.length() == LINE_LENGTH_MAX) throw new IOException("a line is too long");
            if (next != '\r') line.append((char) next);
            next = in.read();
        }
        return line.toString();
    }

    /** The value of the first field {@code name}, in lower case, or an empty string. */
    static String field(List<String> head, String name) {
        for (String line : head) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                return line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    /** Reads the content that {@code head} announces, and returns its length in bytes. */
    static long skipContent(List<String> head, InputStream in) throws IOException {
        if (field(head, "transfer-encoding").equals("chunked")) return skipChunks(in);
        String length = field(head, "content-length");
        if (length.isEmpty()) return 0;
        try {
            long lengthBytes = Long.parseLong(length);
            in.skipNBytes(lengthBytes);
            return lengthBytes;
        } catch (NumberFormatException e) {
            throw new IOException("not a length: " + length, e);
        }
    }

    private static long skipChunks(InputStream in) throws IOException {
        long totalBytes = 0;
        while (true) {
            String line = readLine(in, in.read());
            int chunkBytes;
            try {
                chunkBytes = Integer.parseInt(line, 16);
            } catch (NumberFormatException e) {
                throw new IOException("not a chunk size: " + line, e);
            }
            if (chunkBytes == 0) break;
            in.skipNBytes(chunkBytes + 2L);
            totalBytes += chunkBytes;
        }
        readHead(in); // the trailer section, up to and with its empty line
        return totalBytes;
    }
}
