package dev.headgate.config.spec;

import java.util.List;

/** A unit of measure as a whole multiple of the smallest one. */
record Unit(String name, long factor) {
    /** {@code amount} in the first of {@code units} that divides it, or in the last. */
    static String format(long amount, List<Unit> units) {
        for (Unit unit : units) {
            if (amount % unit.factor == 0) return amount / unit.factor + unit.name;
        }
        Unit smallest = units.getLast();
        return amount / smallest.factor + smallest.name;
    }
}
