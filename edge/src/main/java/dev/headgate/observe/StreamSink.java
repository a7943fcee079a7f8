package dev.headgate.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A stream that is written to, and neither reopened nor closed.
 *
 * <p>A stream that fails does not say how much it took. So records go out in pieces of whole lines that a pipe takes whole or
 * not at all (POSIX: up to 4096 bytes); a piece that failed is written again, after a line end that closes what may be there
 * of it.
 */
public final class StreamSink implements LogSink {
    private static final int PIECE_BYTES_MAX = 4096;

    private final OutputStream stream;
    private boolean lineMayBeBroken;

    public StreamSink(OutputStream stream) {
        this.stream = stream;
    }

    /** The process's standard output. Not {@code System.out}, which hides failures. */
    @SuppressWarnings("resource") // lives as long as the process
    public static StreamSink standardOutput() {
        return new StreamSink(new FileOutputStream(FileDescriptor.out));
    }

    /** The process's standard error. */
    @SuppressWarnings("resource") // lives as long as the process
    public static StreamSink standardError() {
        return new StreamSink(new FileOutputStream(FileDescriptor.err));
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        if (lineMayBeBroken) {
            stream.write('\n');
            lineMayBeBroken = false;
        }
        int length = pieceLength(bytes);
        try {
            stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
            stream.flush();
        } catch (IOException e) {
            lineMayBeBroken = true;
            throw e;
        }
        bytes.position(bytes.position() + length);
    }

    /** The greatest number of whole lines that fit a piece, or else the first line. */
    private static int pieceLength(ByteBuffer bytes) {
        int length = 0;
        for (int i = 0; i < bytes.remaining(); i++) {
            if (bytes.get(bytes.position() + i) == '\n') {
                if (i + 1 > PIECE_BYTES_MAX && length > 0) {
                    break;
                }
                length = i + 1;
            }
        }
        return length == 0 ? bytes.remaining() : length;
    }

    @Override
    public void reopen() {
        // A standard stream belongs to whoever started the process.
    }

    @Override
    public void close() {
        // As above.
    }
}
