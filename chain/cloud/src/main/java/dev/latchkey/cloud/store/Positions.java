package dev.latchkey.cloud.store;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.raft.LogPosition;

/** The log position in a store's family of facts about itself: what makes an un-synced store safe. Stateless. */
public final class Positions {
    private static final Bytes KEY = Bytes.utf8("applied");

    private Positions() {}

    /** The position of the last entry whose effect the store holds. */
    public static LogPosition read(Store store, String family) {
        return store.get(family, KEY)
                .map(value -> new LogPosition(Keys.numberAt(value, 0), Keys.lastNumber(value)))
                .orElse(LogPosition.START);
    }

    /** Adds the position to a batch. */
    public static Batch put(Batch batch, String family, LogPosition at) {
        return batch.put(family, KEY, Bytes.concat(Keys.number(at.term()), Keys.number(at.index())));
    }
}
