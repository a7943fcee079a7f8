package dev.headgate.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.nio.NioIo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSinkTest {
    private final FileAccess files = new NioIo().files();

    @TempDir
    Path directory;

    @Test
    void aFileIsCreatedAndAppendedTo() throws IOException {
        Path path = directory.resolve("access.log");
        for (String text : List.of("one\n", "two\n")) {
            FileSink sink = new FileSink(files, path);
            sink.write(bytes(text));
            sink.close();
        }

        assertEquals("one\ntwo\n", Files.readString(path));
    }

    @Test
    void aFileThatWasMovedAwayIsLeftAtReopen() throws IOException {
        Path path = directory.resolve("access.log");
        Path old = directory.resolve("access.log.1");
        FileSink sink = new FileSink(files, path);
        sink.write(bytes("one\n"));
        Files.move(path, old);
        sink.write(bytes("two\n"));
        sink.reopen();
        sink.write(bytes("three\n"));
        sink.close();

        assertEquals("one\ntwo\n", Files.readString(old));
        assertEquals("three\n", Files.readString(path));
    }

    @Test
    void aFileStaysInUseWhenItCannotBeReopened() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("logs"));
        Path moved = directory.resolve("moved");
        FileSink sink = new FileSink(files, folder.resolve("access.log"));
        Files.move(folder, moved);

        assertThrows(IOException.class, sink::reopen);
        sink.write(bytes("one\n"));
        sink.close();

        assertEquals("one\n", Files.readString(moved.resolve("access.log")));
    }

    @Test
    void aFileInAMissingFolderIsRefused() {
        Path path = directory.resolve("missing/access.log");

        assertThrows(IOException.class, () -> new FileSink(files, path));
    }

    @Test
    void aStreamGetsPiecesOfWholeLinesThatAPipeTakesWhole() throws IOException {
        List<Integer> pieces = new ArrayList<>();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        StreamSink sink = new StreamSink(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("single bytes only after a failure");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                pieces.add(length);
                written.write(bytes, offset, length);
            }
        });
        String text = "a".repeat(1_023) + "\n";
        String longLine = "b".repeat(5_000) + "\n";
        ByteBuffer source = bytes(text.repeat(9) + longLine + text);
        while (source.hasRemaining()) {
            sink.write(source);
        }

        assertEquals(List.of(4_096, 4_096, 1_024, 5_001, 1_024), pieces);
        assertEquals(text.repeat(9) + longLine + text, written.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void aStreamThatFailsGetsThePieceOnceMoreOnALineOfItsOwn() throws IOException {
        FaultyStream stream = new FaultyStream();
        StreamSink sink = new StreamSink(stream);
        ByteBuffer source = bytes("one\ntwo\n");
        stream.failAfterBytes = 6;
        assertThrows(IOException.class, () -> sink.write(source));
        assertEquals(8, source.remaining());

        stream.failAfterBytes = Integer.MAX_VALUE;
        sink.write(source);

        assertFalse(source.hasRemaining());
        assertEquals("one\ntw\none\ntwo\n", stream.written.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void aStreamSurvivesReopenAndClose() throws IOException {
        FaultyStream stream = new FaultyStream();
        StreamSink sink = new StreamSink(stream);
        sink.reopen();
        sink.close();
        sink.write(bytes("one\n"));

        assertTrue(stream.written.toString(StandardCharsets.US_ASCII).endsWith("one\n"));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Takes some bytes and then fails, without saying how many it took. */
    private static final class FaultyStream extends OutputStream {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        int failAfterBytes = Integer.MAX_VALUE;

        @Override
        public void write(int b) throws IOException {
            if (failAfterBytes == 0) {
                throw new IOException("No space left on device");
            }
            failAfterBytes--;
            written.write(b);
        }
    }
}
