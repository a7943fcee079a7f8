package dev.headgate.fuzz.soak;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the proxy's access log into the ledger while it is written, and rotates it. Owned by one thread. */
final class AccessLogReader implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 16;
    private static final String PATH = "\"path\":\"";
    private static final String STATUS = "\"status\":";

    private final SoakLedger ledger;
    private final Path file;
    private final byte[] piece = new byte[PIECE_BYTES];
    private final StringBuilder line = new StringBuilder();
    private RandomAccessFile input;

    AccessLogReader(SoakLedger ledger, Path file) throws IOException {
        this.ledger = ledger;
        this.file = file;
        this.input = new RandomAccessFile(file.toFile(), "r");
    }

    /** Takes what has been written since the last time. */
    void read() throws IOException {
        for (int count = input.read(piece); count > 0; count = input.read(piece)) {
            for (int i = 0; i < count; i++) {
                if (piece[i] == '\n') {
                    onLine(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) (piece[i] & 0xFF));
                }
            }
        }
    }

    private void onLine(String text) {
        if (!text.startsWith("{\"time\":") || !text.endsWith("}")) {
            ledger.find("a line of the access log is torn: " + text);
            return;
        }
        int status = text.indexOf(STATUS) + STATUS.length();
        int statusEnd = status;
        while (statusEnd < text.length() && Character.isDigit(text.charAt(statusEnd))) {
            statusEnd++;
        }
        ledger.onLogged(
                idOf(text), statusEnd == status ? 0 : Integer.parseInt(text.substring(status, statusEnd)), text);
    }

    private static @Nullable Long idOf(String text) {
        int path = text.indexOf(PATH);
        if (path < 0) {
            return null;
        }
        String[] parts = text.substring(path + PATH.length(), text.indexOf('"', path + PATH.length()))
                .split("/", -1);
        return parts.length == 5 ? (Long) Long.parseLong(parts[2], 16) : null;
    }

    /** Moves the file away; once the proxy writes a new one, {@link #follow} goes over to that. */
    void moveAway() throws IOException {
        Files.move(file, moved());
    }

    boolean isNewThere() {
        return Files.exists(file);
    }

    /** Reads the rest of what was moved away and goes over to the new file. */
    void follow() throws IOException {
        read();
        if (!line.isEmpty()) {
            ledger.find("a rotated access log ends within a line: " + line);
        }
        input.close();
        Files.delete(moved());
        input = new RandomAccessFile(file.toFile(), "r");
    }

    private Path moved() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
