package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.util.Optional;

/** Keeps the state in memory and fails on demand, before or after it took effect. */
final class MemoryStore implements CounterStore {
    private Optional<Bytes> kept = Optional.empty();
    private int keeps;
    private int failAt = -1;
    private boolean failAfter;

    /** Makes the n-th keep (from 0) throw, either before or after the state was replaced. */
    MemoryStore failingAt(int keep, boolean afterEffect) {
        failAt = keep;
        failAfter = afterEffect;
        return this;
    }

    @Override
    public void keep(Bytes state) throws IOException {
        int keep = keeps++;
        if (keep == failAt && !failAfter) {
            throw new IOException("the disk is gone");
        }
        kept = Optional.of(state);
        if (keep == failAt) {
            throw new IOException("the disk is gone");
        }
    }

    Optional<Bytes> kept() {
        return kept;
    }

    int keeps() {
        return keeps;
    }
}
