package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A file channel. */
final class NioOpenFile implements OpenFile {
    private final FileChannel channel;

    NioOpenFile(FileChannel channel) {
        this.channel = channel;
    }

    long transferTo(WritableByteChannel target, long offsetBytes, long lengthBytes) throws IOException {
        return channel.transferTo(offsetBytes, lengthBytes, target);
    }

    @Override
    public long lengthBytes() throws IOException {
        return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long offsetBytes) throws IOException {
        return channel.read(target, offsetBytes);
    }

    @Override
    public void append(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            channel.write(source);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
