package dev.headgate.config.spec;

import dev.headgate.config.source.ProblemCode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Amounts of bytes with their unit: {@code 500B}, {@code 64KiB}, {@code 10MiB}, {@code 1GiB}. */
public final class Sizes {
    public static final long KIB = 1L << 10;
    public static final long MIB = 1L << 20;
    public static final long GIB = 1L << 30;
    public static final long TIB = 1L << 40;

    private static final List<Unit> UNITS = List.of(
            new Unit("TiB", TIB), new Unit("GiB", GIB), new Unit("MiB", MIB), new Unit("KiB", KIB), new Unit("B", 1));

    private Sizes() {}

    /** A size within bounds, both included. */
    public static ScalarSpec<Long> between(long minBytes, long maxBytes) {
        return spec(minBytes, maxBytes, new ScalarSpec.Notation<>() {
            @Override
            public Long parse(ScalarSpec.Value value) throws Refused {
                return checkRange(Sizes.parse(value.text()), minBytes, maxBytes);
            }

            @Override
            public Object write(Long bytes) {
                return format(bytes);
            }
        });
    }

    /** A size within bounds that fits an {@code int}. */
    public static ScalarSpec<Integer> intBetween(long minBytes, long maxBytes) {
        Math.toIntExact(maxBytes);
        return spec(minBytes, maxBytes, new ScalarSpec.Notation<>() {
            @Override
            public Integer parse(ScalarSpec.Value value) throws Refused {
                return Math.toIntExact(checkRange(Sizes.parse(value.text()), minBytes, maxBytes));
            }

            @Override
            public Object write(Integer bytes) {
                return format(bytes);
            }
        });
    }

    private static <T> ScalarSpec<T> spec(long minBytes, long maxBytes, ScalarSpec.Notation<T> notation) {
        return new ScalarSpec<>(
                "size",
                "a size such as 500B, 64KiB, 10MiB or 1GiB",
                format(minBytes) + " to " + format(maxBytes),
                notation,
                Schemas.typed("string", "pattern", "^[0-9]+(B|KiB|MiB|GiB|TiB)$"));
    }

    private static long checkRange(long bytes, long minBytes, long maxBytes) throws Refused {
        if (bytes >= minBytes && bytes <= maxBytes) return bytes;
        String range = format(minBytes) + " to " + format(maxBytes);
        throw new Refused(ProblemCode.OUT_OF_RANGE, "size out of range", range, "");
    }

    static long parse(String text) throws Refused {
        Quantity quantity = Quantity.parse(text);
        if (quantity == null) throw Refused.badValue("not a size");
        if (quantity.unit().isEmpty()) {
            long bytes = quantity.times(1);
            String suggestion = bytes < 0 ? "" : "write " + format(bytes);
            throw new Refused(ProblemCode.UNIT_MISSING, "a size without a unit", "", suggestion);
        }
        Long factor = unit(quantity.unit());
        if (factor != null && quantity.isWhole() && quantity.isTight()) {
            long bytes = quantity.times(factor);
            if (bytes >= 0) return bytes;
            throw new Refused(ProblemCode.OUT_OF_RANGE, "size out of range", "less than 8388608TiB", "");
        }
        throw Refused.badValue("not a size", suggest(quantity));
    }

    /** Whoever writes {@code 64k} or {@code 64KB} most often means 64 KiB. */
    private static String suggest(Quantity quantity) {
        String letters = quantity.unit().toUpperCase(Locale.ROOT);
        long factor = switch (letters) {
            case "B", "BYTE", "BYTES" -> 1;
            case "K", "KB", "KIB" -> KIB;
            case "M", "MB", "MIB" -> MIB;
            case "G", "GB", "GIB" -> GIB;
            case "T", "TB", "TIB" -> TIB;
            default -> 0;
        };
        long bytes = factor == 0 ? -1 : quantity.times(factor);
        return bytes < 0 ? "" : "write " + format(bytes);
    }

    private static @Nullable Long unit(String name) {
        for (Unit unit : UNITS) {
            if (unit.name().equals(name)) return unit.factor();
        }
        return null;
    }

    /** The shortest exact form. */
    public static String format(long bytes) {
        return bytes == 0 ? "0B" : Unit.format(bytes, UNITS);
    }
}
