package dev.headgate.balancer.policy;

/** A binary heap of small numbers by when their turn is: the earliest first, and of those that are equal the smallest number. */
final class TurnHeap {
    private final int[] ids;
    private final double[] turns; // by place in the heap, beside the ids
    private int size;

    TurnHeap(int capacity) {
        this.ids = new int[capacity];
        this.turns = new double[capacity];
    }

    boolean isEmpty() {
        return size == 0;
    }

    int firstId() {
        return ids[0];
    }

    double firstTurn() {
        return turns[0];
    }

    void add(int id, double turn) {
        int at = size++;
        while (at > 0 && isEarlier(id, turn, (at - 1) >>> 1)) {
            int parent = (at - 1) >>> 1;
            ids[at] = ids[parent];
            turns[at] = turns[parent];
            at = parent;
        }
        ids[at] = id;
        turns[at] = turn;
    }

    void removeFirst() {
        size--;
        sink(ids[size], turns[size]);
    }

    /** The first one has another turn later on. */
    void postponeFirst(double turn) {
        sink(ids[0], turn);
    }

    private void sink(int id, double turn) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child + 1 < size && isEarlier(ids[child + 1], turns[child + 1], child)) {
                child++;
            }
            if (child >= size || isEarlier(id, turn, child)) {
                break;
            }
            ids[at] = ids[child];
            turns[at] = turns[child];
            at = child;
        }
        ids[at] = id;
        turns[at] = turn;
    }

    private boolean isEarlier(int id, double turn, int than) {
        return turn < turns[than] || turn == turns[than] && id < ids[than];
    }
}
