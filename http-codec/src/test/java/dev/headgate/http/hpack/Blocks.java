package dev.headgate.http.hpack;

import dev.headgate.http.FieldSection;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Decodes blocks into text, in a store with no byte to spare, and from a direct buffer with others around the block. */
final class Blocks implements HpackSink {
    static final HpackLimits LIMITS = new HpackLimits(100, 8 << 10, 256);
    private static final int PADDING = 9;

    final HpackDecoder decoder = new HpackDecoder();
    final HpackLimits limits;
    final List<String> lines = new ArrayList<>();
    final List<Integer> flags = new ArrayList<>();
    int reportedBytes;
    private final ByteBuffer store;
    private final FieldSection section = new FieldSection();

    Blocks() {
        this(LIMITS);
    }

    Blocks(HpackLimits limits) {
        this.limits = limits;
        this.store = ByteBuffer.allocateDirect(PADDING + limits.storeBytes());
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    int decode(String hex) {
        return decode(hex(hex));
    }

    int decode(byte[] block) {
        lines.clear();
        flags.clear();
        reportedBytes = 0;
        section.clear();
        section.bind(store, 0);
        ByteBuffer source = ByteBuffer.allocateDirect(block.length + 2 * PADDING);
        source.put(PADDING, block);
        return decoder.decode(source, PADDING, PADDING + block.length, store, PADDING, limits, this);
    }

    @Override
    public int onField(int id, int fieldFlags, int offset, int nameLength, int valueLength) {
        int valueOffset = offset + nameLength + 2;
        section.append(offset, nameLength, valueOffset, valueLength, HpackName.isPseudo(id) ? 0 : id, true);
        int i = section.count() - 1;
        lines.add(section.name(i) + ": " + section.value(i));
        flags.add(fieldFlags);
        reportedBytes += nameLength + valueLength + 32;
        byte[] line = new byte[nameLength + valueLength + 4];
        store.get(offset, line);
        if (!Wire.script(line).equals(Wire.script(Wire.bytes(section.name(i) + ": " + section.value(i) + "␍␊")))) {
            throw new AssertionError("not a line: " + Wire.script(line));
        }
        return offset + line.length;
    }
}
