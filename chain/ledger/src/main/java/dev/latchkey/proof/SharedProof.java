package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.Trie;
import java.util.List;
import java.util.Optional;

/**
 * The part of a directory tree that several paths have in common with its root, each node once: a walk from the root,
 * depth first and left before right, that turns back where no path leads on. By itself it proves nothing: {@link #root}
 * says under which root it would. Immutable.
 *
 * <p>{@code shape} is a row of bits, the most significant of the first byte first, the unused ones of the last byte 0;
 * {@code hashes} a row of 32 bytes each. The walk reads, at a node that a path leads to, bit 1 for a fork, whose two
 * children follow, or 0 for an end. An end at which the answer claims a value is that value's leaf; else a bit follows, 0
 * for nothing, 1 for the leaf of another path, which takes that path and the hash of its value from the hashes. At a
 * node that no path leads to: bit 0 if it is empty, or 1, and its hash is taken from the hashes.
 *
 * @param shape the bits
 * @param hashes the hashes
 */
record SharedProof(Bytes shape, Bytes hashes) {
    /**
     * What is claimed of a path.
     *
     * @param path the path
     * @param valueHash hash of the value that stands there, none if nothing does
     */
    record Claim(Digest path, Optional<Digest> valueHash) {}

    /** The one proof for these paths, of which none may stand twice. */
    static SharedProof of(Trie directory, List<Digest> paths) {
        return SharedProofWriter.write(directory, paths);
    }

    /** The root of the directory in which all the claims are true, of which no path may stand twice. */
    Digest root(List<Claim> claims) throws MalformedCborException {
        return new SharedProofReader(shape, hashes).root(claims);
    }

    /** A bit of a path, counted from the most significant bit of its first byte: false is left. */
    static boolean bit(Digest path, int index) {
        return bit(path.bytes(), index);
    }

    static boolean bit(Bytes bits, int index) {
        return (bits.get(index >>> 3) & 0x80 >>> (index & 7)) != 0;
    }
}
