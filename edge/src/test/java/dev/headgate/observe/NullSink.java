package dev.headgate.observe;

import java.nio.ByteBuffer;

/** Takes everything and keeps nothing. */
final class NullSink implements LogSink {
    @Override
    public void write(ByteBuffer bytes) {
        bytes.position(bytes.limit());
    }

    @Override
    public void reopen() {}

    @Override
    public void close() {}
}
