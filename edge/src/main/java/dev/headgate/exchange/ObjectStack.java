package dev.headgate.exchange;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Objects of one loop that wait to be used again, last in, first out; what does not fit is left to the collector. */
final class ObjectStack<T> {
    private final Supplier<T> supplier;
    private final int capacity;
    private @Nullable Object[] free = new Object[16];
    private int count;

    ObjectStack(int capacity, Supplier<T> supplier) {
        this.capacity = capacity;
        this.supplier = supplier;
    }

    @SuppressWarnings("unchecked") // Only give() stores, and it stores T.
    T take() {
        if (count == 0) {
            return supplier.get();
        }
        Object taken = free[--count];
        free[count] = null;
        assert taken != null;
        return (T) taken;
    }

    void give(T object) {
        if (count == capacity) {
            return;
        }
        if (count == free.length) {
            free = Arrays.copyOf(free, Math.min(capacity, count * 2));
        }
        free[count++] = object;
    }
}
