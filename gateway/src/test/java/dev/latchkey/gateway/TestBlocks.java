package dev.latchkey.gateway;

import dev.latchkey.bytes.Bytes;

/** Blocks that no honest cloud makes. */
final class TestBlocks {
    private TestBlocks() {}

    /** The block with the last bit of its last signature changed. */
    static Bytes withOneBitChanged(Bytes block) {
        byte[] bytes = block.toArray();
        bytes[bytes.length - 1] ^= 1;
        return Bytes.wrap(bytes);
    }
}
