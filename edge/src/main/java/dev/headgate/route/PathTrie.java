package dev.headgate.route;

import dev.headgate.config.RouteBranching;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import java.nio.ByteBuffer;

/**
 * The path patterns of all buckets, one tree per bucket, flattened into one array. A node stands for the segments that lead
 * to it; an order is the position of a route in the list, and the lowest one wins.
 *
 * <p>A walk follows at most two edges from a node, the literal one and the wildcard one, and leaves out a subtree whose
 * lowest order cannot win any more. Its cost is bounded when the table is built, see {@link RouteBranching}.
 */
@HotPath
@Immutable
final class PathTrie {
    /** Order of no route at all: later than any. */
    static final int NO_ORDER = Integer.MAX_VALUE;

    static final int NO_NODE = -1;

    /**
     * One node: the lowest orders of the patterns that end exactly here, that end here in {@code /**}, and of all that
     * lie strictly below; the child of the wildcard segment.
     */
    record Node(int exactOrder, int restOrder, int belowOrder, int wildcardChild) {}

    private final Node[] nodes;
    private final ByteMap literalChildren; // owner: the parent node

    PathTrie(Node[] nodes, ByteMap literalChildren) {
        this.nodes = nodes;
        this.literalChildren = literalChildren;
    }

    /**
     * Walks down from a node. The recursion is as deep as the deepest pattern, 64 segments at most.
     *
     * @param offset the slash before the next segment, or {@code end} when the path is used up
     * @param best the order to beat
     * @return the lowest order found, or {@code best}
     */
    int walk(int nodeIndex, ByteBuffer bytes, int offset, int end, int best) {
        Node node = nodes[nodeIndex];
        int found = Math.min(best, node.restOrder);
        if (offset == end) {
            return Math.min(found, node.exactOrder);
        }
        if (node.belowOrder >= found) {
            return found;
        }
        int start = offset + 1;
        int at = start;
        long hash = literalChildren.hashStart(nodeIndex);
        while (at < end && bytes.get(at) != '/') {
            hash = ByteHash.step(hash, bytes.get(at++));
        }
        int literal = literalChildren.find(nodeIndex, hash, bytes, start, at - start);
        if (literal != ByteMap.ABSENT) {
            found = walk(literal, bytes, at, end, found);
        }
        if (node.wildcardChild != NO_NODE && at > start) {
            found = walk(node.wildcardChild, bytes, at, end, found);
        }
        return found;
    }
}
