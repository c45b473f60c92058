package dev.latchkey.ledger;

/**
 * Where a transaction stands.
 *
 * @param height the block
 * @param index the place in the block; 0 is the seal
 */
public record TransactionLocation(long height, int index) {
    private static final int INDEX_BITS = 11;

    /** Both numbers in one: the low 11 bits are the index, at most 1,024. */
    long pack() {
        return height << INDEX_BITS | index;
    }

    static TransactionLocation unpack(long packed) {
        return new TransactionLocation(packed >>> INDEX_BITS, (int) packed & (1 << INDEX_BITS) - 1);
    }
}
