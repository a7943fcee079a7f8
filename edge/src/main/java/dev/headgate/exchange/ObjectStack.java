package dev.headgate.exchange;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Objects of one loop that wait to be used again, last in, first out; what does not fit is left to the collector. */
public final class ObjectStack<T> {
    private static final int CAPACITY = 4096;

    private final Supplier<T> supplier;
    private @Nullable Object[] free = new Object[16];
    private int count;

    public ObjectStack(Supplier<T> supplier) {
        this.supplier = supplier;
    }

    @SuppressWarnings("unchecked") // Only give() stores, and it stores T.
    public T take() {
        if (count == 0) {
            return supplier.get();
        }
        Object taken = free[--count];
        free[count] = null;
        assert taken != null;
        return (T) taken;
    }

    public void give(T object) {
        if (count == CAPACITY) {
            return;
        }
        if (count == free.length) {
            free = Arrays.copyOf(free, Math.min(CAPACITY, count * 2));
        }
        free[count++] = object;
    }
}
