package dev.latchkey.directory;

import dev.latchkey.bytes.Digest;

/**
 * How leaves and nodes of a directory tree are hashed; immutable and safe for use by many threads. The tags keep a
 * leaf from being taken for a node, and a node of the directory for one of a log, whose tags are 00 and 01 (RFC 9162,
 * section 2.1.1).
 *
 * @param leafTag first byte of what is hashed for a leaf
 * @param nodeTag first byte of what is hashed for a node
 */
public record NodeHashing(byte leafTag, byte nodeTag) {
    /** The tags of every directory of a chain. */
    public static final NodeHashing DIRECTORY = new NodeHashing((byte) 0x02, (byte) 0x03);

    /** The hash of an empty child, and the root of the empty tree. */
    public static final Digest EMPTY = Digest.ZERO;

    public NodeHashing {
        if (leafTag == nodeTag) {
            throw new IllegalArgumentException("a leaf must not look like a node");
        }
    }

    /** H(leaf tag || path || hash of the value). */
    public Digest leaf(Digest path, Digest valueHash) {
        return Digest.node(leafTag, path, valueHash);
    }

    /** H(node tag || left || right). */
    public Digest node(Digest left, Digest right) {
        return Digest.node(nodeTag, left, right);
    }
}
