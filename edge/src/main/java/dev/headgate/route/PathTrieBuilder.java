package dev.headgate.route;

import static dev.headgate.route.PathTrie.NO_NODE;
import static dev.headgate.route.PathTrie.NO_ORDER;

import dev.headgate.config.PathPattern;
import dev.headgate.engine.io.Chance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the path patterns of every bucket as linked trees, then flattens them into one {@link PathTrie}. */
final class PathTrieBuilder {
    private static final class Tree {
        final int id;
        final Map<String, Tree> literals = new HashMap<>();

        @Nullable
        Tree wildcard;

        int exactOrder = NO_ORDER;
        int restOrder = NO_ORDER;

        Tree(int id) {
            this.id = id;
        }

        List<Tree> children() {
            List<Tree> children = new ArrayList<>(literals.values());
            if (wildcard != null) {
                children.add(wildcard);
            }
            return children;
        }
    }

    private final List<Tree> trees = new ArrayList<>(); // by id

    /** Starts the tree of a bucket and returns the number of its root. */
    int addRoot() {
        return newTree().id;
    }

    /** Adds a pattern; among equal ones the first added stays. */
    void add(int root, PathPattern pattern, int order) {
        Tree tree = trees.get(root);
        for (String segment : pattern.segments()) {
            tree = PathPattern.isWildcard(segment) ? wildcardOf(tree) : literalOf(tree, segment);
        }
        if (pattern.isOpen()) {
            tree.restOrder = Math.min(tree.restOrder, order);
        } else {
            tree.exactOrder = Math.min(tree.exactOrder, order);
        }
    }

    private Tree wildcardOf(Tree tree) {
        Tree child = tree.wildcard;
        if (child == null) {
            child = newTree();
            tree.wildcard = child;
        }
        return child;
    }

    private Tree literalOf(Tree tree, String segment) {
        return tree.literals.computeIfAbsent(segment, _ -> newTree());
    }

    private Tree newTree() {
        Tree tree = new Tree(trees.size());
        trees.add(tree);
        return tree;
    }

    PathTrie build(Chance chance) {
        PathTrie.Node[] nodes = new PathTrie.Node[trees.size()];
        List<ByteMap.Entry> edges = new ArrayList<>();
        // A child is numbered after its parent: backwards, every child is there before its parent asks for it.
        for (int id = nodes.length - 1; id >= 0; id--) {
            Tree tree = trees.get(id);
            nodes[id] = nodeOf(tree, nodes);
            for (Map.Entry<String, Tree> literal : tree.literals.entrySet()) {
                edges.add(new ByteMap.Entry(tree.id, literal.getKey(), literal.getValue().id));
            }
        }
        return new PathTrie(nodes, ByteMap.build(edges, ByteMap.Direction.FORWARD, chance));
    }

    private static PathTrie.Node nodeOf(Tree tree, PathTrie.Node[] nodes) {
        int belowOrder = NO_ORDER;
        for (Tree child : tree.children()) {
            PathTrie.Node node = nodes[child.id];
            int lowest = Math.min(node.belowOrder(), Math.min(node.exactOrder(), node.restOrder()));
            belowOrder = Math.min(belowOrder, lowest);
        }
        int wildcardChild = tree.wildcard == null ? NO_NODE : tree.wildcard.id;
        return new PathTrie.Node(tree.exactOrder, tree.restOrder, belowOrder, wildcardChild);
    }
}
