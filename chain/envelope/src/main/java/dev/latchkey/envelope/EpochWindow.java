package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import java.util.BitSet;

/**
 * One epoch of a received session that still has gaps: its key and which of its 256 readings were opened. Not for use
 * by several threads.
 */
final class EpochWindow {
    static final int BITMAP_SIZE = SendingSession.EPOCH_READINGS / Byte.SIZE;

    private final Secret key;
    private final BitSet seen;

    EpochWindow(Secret key) {
        this(key, new BitSet(SendingSession.EPOCH_READINGS));
    }

    private EpochWindow(Secret key, BitSet seen) {
        this.key = key;
        this.seen = seen;
    }

    static EpochWindow of(Bytes key, Bytes bitmap) {
        return new EpochWindow(Secret.copyOf(key), BitSet.valueOf(bitmap.toArray()));
    }

    Secret key() {
        return key;
    }

    boolean hasSeen(int partialIv) {
        return seen.get(partialIv % SendingSession.EPOCH_READINGS);
    }

    void markSeen(int partialIv) {
        seen.set(partialIv % SendingSession.EPOCH_READINGS);
    }

    boolean isComplete() {
        return seen.cardinality() == SendingSession.EPOCH_READINGS;
    }

    Bytes bitmap() {
        byte[] bits = new byte[BITMAP_SIZE];
        byte[] set = seen.toByteArray();
        System.arraycopy(set, 0, bits, 0, set.length);
        return Bytes.wrap(bits);
    }
}
