package dev.headgate.route;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.engine.io.Chance;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A map from bytes with an owner to a small number, read in place from a buffer.
 *
 * <p>Open addressing with linear probing, at most a quarter full. No key is ever more than {@link #PROBES_MAX} slots
 * from home: building tries other seeds, then more slots, until that holds. A lookup, found or not, therefore looks at
 * that many slots at most, whatever a client asks for and however many keys there are.
 */
@HotPath
@Immutable
final class ByteMap {
    static final int ABSENT = -1;
    static final int PROBES_MAX = 16;

    private static final int SEEDS_PER_CAPACITY = 8;
    private static final int SLOTS_PER_KEY = 4;

    // Layout of one slot. The value comes first so that an empty slot is known by its ABSENT.
    private static final int SLOT_VALUE = 0;
    private static final int SLOT_HASH = 1;
    private static final int SLOT_OWNER = 2;
    private static final int SLOT_KEY_OFFSET = 3;
    private static final int SLOT_KEY_LENGTH = 4;
    private static final int SLOT_INTS_SHIFT = 3; // eight ints: half a cache line

    /** One key to be built in, ASCII; {@code value} is not negative. */
    record Entry(int owner, String key, int value) {
        byte[] bytes() {
            return key.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** In which direction keys are fed to the hash; lookups feed the same way. */
    enum Direction {
        FORWARD,
        BACKWARD
    }

    private final long seed;
    private final int mask;
    private final int[] slots;
    private final byte[] keys;

    private ByteMap(long seed, int mask, int[] slots, byte[] keys) {
        this.seed = seed;
        this.mask = mask;
        this.slots = slots;
        this.keys = keys;
    }

    /** Builds a map of distinct keys. */
    static ByteMap build(List<Entry> entries, Direction direction, Chance chance) {
        int capacity = Integer.highestOneBit(Math.max(1, entries.size() * SLOTS_PER_KEY - 1)) << 1;
        for (int tries = 1; ; tries++) {
            ByteMap map = tryBuild(entries, direction, chance.nextLong(), capacity);
            if (map != null) {
                return map;
            }
            if (tries % SEEDS_PER_CAPACITY == 0) {
                capacity = Math.multiplyExact(capacity, 2);
            }
        }
    }

    private static @Nullable ByteMap tryBuild(List<Entry> entries, Direction direction, long seed, int capacity) {
        int mask = capacity - 1;
        int[] slots = new int[capacity << SLOT_INTS_SHIFT];
        for (int slot = 0; slot < capacity; slot++) {
            slots[(slot << SLOT_INTS_SHIFT) + SLOT_VALUE] = ABSENT;
        }
        int keyBytes = 0;
        for (Entry entry : entries) {
            keyBytes += entry.key.length();
        }
        byte[] keys = new byte[keyBytes];
        int keyOffset = 0;
        for (Entry entry : entries) {
            byte[] key = entry.bytes();
            int hash = hashOf(key, direction, ByteHash.start(seed, entry.owner));
            int slot = freeSlot(slots, mask, hash);
            if (slot == ABSENT) {
                return null;
            }
            int base = slot << SLOT_INTS_SHIFT;
            slots[base + SLOT_VALUE] = entry.value;
            slots[base + SLOT_HASH] = hash;
            slots[base + SLOT_OWNER] = entry.owner;
            slots[base + SLOT_KEY_OFFSET] = keyOffset;
            slots[base + SLOT_KEY_LENGTH] = key.length;
            System.arraycopy(key, 0, keys, keyOffset, key.length);
            keyOffset += key.length;
        }
        return new ByteMap(seed, mask, slots, keys);
    }

    private static int hashOf(byte[] key, Direction direction, long start) {
        long state = start;
        for (int i = 0; i < key.length; i++) {
            state = ByteHash.step(state, key[direction == Direction.FORWARD ? i : key.length - 1 - i]);
        }
        return ByteHash.finish(state);
    }

    private static int freeSlot(int[] slots, int mask, int hash) {
        for (int probe = 0; probe < PROBES_MAX; probe++) {
            int slot = (hash + probe) & mask;
            if (slots[(slot << SLOT_INTS_SHIFT) + SLOT_VALUE] == ABSENT) {
                return slot;
            }
        }
        return ABSENT;
    }

    /** Hash state before the first byte of a key of {@code owner}. */
    long hashStart(int owner) {
        return ByteHash.start(seed, owner);
    }

    /**
     * Looks a key up.
     *
     * @param hashState the state after all bytes of the key, fed in the direction this map was built with
     * @return the value, or {@link #ABSENT}
     */
    int find(int owner, long hashState, ByteBuffer bytes, int offset, int length) {
        int hash = ByteHash.finish(hashState);
        int[] slots = this.slots;
        for (int probe = 0; probe < PROBES_MAX; probe++) {
            int base = ((hash + probe) & mask) << SLOT_INTS_SHIFT;
            int value = slots[base + SLOT_VALUE];
            if (value == ABSENT) {
                return ABSENT;
            }
            if (slots[base + SLOT_HASH] == hash
                    && slots[base + SLOT_OWNER] == owner
                    && slots[base + SLOT_KEY_LENGTH] == length
                    && equalsKey(slots[base + SLOT_KEY_OFFSET], bytes, offset, length)) {
                return value;
            }
        }
        return ABSENT;
    }

    private boolean equalsKey(int keyOffset, ByteBuffer bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (keys[keyOffset + i] != bytes.get(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
