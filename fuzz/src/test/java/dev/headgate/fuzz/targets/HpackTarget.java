package dev.headgate.fuzz.targets;

import dev.headgate.http.FieldSection;
import dev.headgate.http.hpack.HpackDecoder;
import dev.headgate.http.hpack.HpackEncoder;
import dev.headgate.http.hpack.HpackLimits;
import dev.headgate.http.hpack.HpackName;
import dev.headgate.http.hpack.HpackSink;
import dev.headgate.http.hpack.HpackViolation;
import dev.headgate.testkit.h2.FieldBlockReader;
import dev.headgate.testkit.peer.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The input is a field block, which comes several times on one connection: from the second time on with what is in the table. */
final class HpackTarget {
    private static final HpackLimits USUAL = new HpackLimits(100, 32 << 10, 256);
    private static final HpackLimits TIGHT = new HpackLimits(3, 200, 16);
    private static final List<HpackLimits> ALL_LIMITS = List.of(USUAL, TIGHT);
    private static final int REPEATS = 3;
    private static final int ENTRY_BYTES = 32;
    private static final int[] TABLE_BYTES = {4096, 0, 100, 4096};
    private static final ByteBuffer STORE = ByteBuffer.allocate(USUAL.storeBytes());

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9a-z]+");
    private static final Pattern VALUE =
            Pattern.compile("(?:[!-~\\x80-\\xff](?:[ \\t!-~\\x80-\\xff]*[!-~\\x80-\\xff])?)?");

    private HpackTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        for (HpackLimits limits : ALL_LIMITS) {
            List<Field> fields = decode(limits, input);
            if (fields != null) {
                checkRoundTrip(fields);
            }
        }
        Laws.keepsLittle(
                input.length,
                () -> new HpackDecoder()
                        .decode(
                                ByteBuffer.wrap(input),
                                0,
                                input.length,
                                STORE,
                                0,
                                USUAL,
                                (id, flags, offset, nameLength, valueLength) -> offset + nameLength + valueLength + 4));
    }

    /** What the block says, or null. */
    private static @Nullable List<Field> decode(HpackLimits limits, byte[] input) {
        var decoder = new HpackDecoder();
        var plain = new FieldBlockReader();
        List<Field> first = null;
        for (int i = 0; i < REPEATS; i++) {
            List<Field> seen = new ArrayList<>();
            ByteBuffer block = Cuts.present(input, 0, input.length);
            int from = block.position();
            int answer = decoder.decode(block, from, from + input.length, STORE, 0, limits, sink(seen));
            List<Field> read = read(plain, input);
            check(decoder, limits, answer, seen, read);
            if (answer == HpackDecoder.REFUSED) {
                int again = decoder.decode(ByteBuffer.allocate(0), 0, 0, STORE, 0, limits, sink(seen));
                Laws.same(HpackDecoder.REFUSED, again, "stays refused");
                return first;
            }
            first = first == null ? read : first;
        }
        return first;
    }

    private static @Nullable List<Field> read(FieldBlockReader plain, byte[] input) {
        try {
            return plain.read(input);
        } catch (AssertionError _) {
            return null;
        }
    }

    private static void check(
            HpackDecoder decoder, HpackLimits limits, int answer, List<Field> seen, @Nullable List<Field> read) {
        HpackViolation violation = decoder.violation();
        switch (answer) {
            case HpackDecoder.COMPLETE -> Laws.same(read, seen, "what the block says");
            case HpackDecoder.TOO_LARGE -> {
                List<Field> all = Objects.requireNonNull(read, "too large, and yet broken");
                Laws.check(isBeyond(limits, all, 1), () -> violation + ", yet within limits: " + all);
                Laws.check(!isBeyond(limits, all, 2), () -> violation + ", yet far too large: " + all);
                Laws.same(all.subList(0, seen.size()), seen, "what was told of it");
            }
            default -> {
                boolean isStricter = violation == HpackViolation.SIZE_UPDATE_COUNT
                        || violation == HpackViolation.LIST_FAR_TOO_LARGE
                                && (read == null || isBeyond(limits, read, 2));
                Laws.check(isStricter || read == null, () -> violation + ", yet it reads " + read);
            }
        }
        Laws.check(decoder.tableBytes() <= HpackDecoder.TABLE_BYTES_DEFAULT, () -> "table: " + decoder.tableBytes());
    }

    private static boolean isBeyond(HpackLimits limits, List<Field> fields, int times) {
        long bytes = 0;
        boolean isNameLong = false;
        for (Field field : fields) {
            bytes += field.name().length() + field.value().length() + ENTRY_BYTES;
            isNameLong |= times == 1 && field.name().length() > limits.nameBytes();
        }
        return isNameLong || fields.size() > times * limits.fieldCount() || bytes > (long) times * limits.listBytes();
    }

    private static HpackSink sink(List<Field> seen) {
        return (id, flags, offset, nameLength, valueLength) -> {
            Field field = new Field(text(offset, nameLength), text(offset + nameLength + 2, valueLength));
            seen.add(field);
            Laws.same(": ", text(offset + nameLength, 2), "behind a name");
            Laws.same("\r\n", text(offset + nameLength + 2 + valueLength, 2), "behind a value");
            boolean isPseudo = field.name().startsWith(":");
            Laws.same(isPseudo, HpackName.isPseudo(id), "pseudo-header field");
            boolean isName = isPseudo || NAME.matcher(field.name()).matches();
            Laws.same(!isName, (flags & HpackSink.NAME_INVALID) != 0, "name \"" + field.name() + '"');
            boolean isValue = VALUE.matcher(field.value()).matches();
            Laws.same(!isValue, (flags & HpackSink.VALUE_INVALID) != 0, "value \"" + field.value() + '"');
            return offset + nameLength + valueLength + 4;
        };
    }

    private static String text(int offset, int length) {
        var bytes = new byte[length];
        STORE.get(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** What was read, written as we write it, reads as the same, again and again and with tables of all sizes. */
    private static void checkRoundTrip(List<Field> fields) {
        var section = new FieldSection();
        section.startIn(ByteBuffer.allocate(128 << 10));
        List<Field> expected = new ArrayList<>();
        for (Field field : fields) {
            boolean isWritable = NAME.matcher(field.name()).matches()
                    && VALUE.matcher(field.value()).matches();
            if (isWritable && section.add(bytes(field.name()), bytes(field.value()))) {
                expected.add(new Field(field.name().toLowerCase(Locale.ROOT), field.value()));
            }
        }
        var encoder = new HpackEncoder(HpackDecoder.TABLE_BYTES_DEFAULT);
        var plain = new FieldBlockReader();
        for (int tableBytes : TABLE_BYTES) {
            encoder.peerTableLimit(tableBytes);
            for (int i = 0; i < REPEATS; i++) {
                ByteBuffer out = ByteBuffer.allocate(HpackEncoder.BLOCK_BYTES + HpackEncoder.boundBytes(section));
                encoder.begin(out);
                for (int k = 0; k < section.count(); k++) {
                    encoder.field(out, section, k);
                }
                var block = new byte[out.position()];
                out.get(0, block);
                Laws.same(expected, plain.read(block), "what was written");
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
