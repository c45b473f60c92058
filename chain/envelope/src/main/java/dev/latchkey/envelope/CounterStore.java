package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;

/**
 * Where a sending session keeps the state that it resumes from. A Partial IV is used only after the state beyond it
 * was kept, so no (key, nonce) pair repeats however a process ends.
 */
public interface CounterStore {
    /**
     * Replaces the kept state, as one. When this returns, the new state survives a crash of the machine; when it
     * throws, either state may be there.
     *
     * @param state holds a secret key: readable by its owner only, and in no log
     */
    void keep(Bytes state) throws IOException;
}
