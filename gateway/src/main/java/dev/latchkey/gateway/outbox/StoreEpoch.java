package dev.latchkey.gateway.outbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Draft;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.protocol.MessageBatch;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The epoch of a chain's rows in a store: 8 random bytes made with them. The cloud counts sequences within an epoch, so a gateway that
 * starts with an empty store never seems to repeat what it sent from another.
 */
public final class StoreEpoch {
    private StoreEpoch() {}

    /** Has every chain get a new epoch when it is opened next: what a copy of a store counts is not what was counted since. */
    public static void forgetAll(Draft draft) {
        List<Bytes> epochs = new ArrayList<>();
        draft.scan(Table.META, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            if (key.size() == Integer.BYTES + ChainRows.STORE_EPOCH.size()
                    && key.slice(Integer.BYTES, key.size()).equals(ChainRows.STORE_EPOCH)) {
                epochs.add(key);
            }
            return true;
        });
        epochs.forEach(key -> draft.delete(Table.META, key));
    }

    /** The chain's epoch; made and on disk before this returns, if it is new. */
    public static Bytes of(ChainRows rows, SecureRandom random) {
        return rows.get(Table.META, ChainRows.STORE_EPOCH).orElseGet(() -> renewed(rows, random));
    }

    /** A new epoch of the chain, in the place of the one before; on disk before this returns. */
    public static Bytes renewed(ChainRows rows, SecureRandom random) {
        byte[] fresh = new byte[MessageBatch.EPOCH_BYTES];
        random.nextBytes(fresh);
        Bytes epoch = Bytes.wrap(fresh);
        return rows.store()
                .submit(draft -> {
                    rows.put(draft, Table.META, ChainRows.STORE_EPOCH, epoch);
                    return epoch;
                })
                .join();
    }
}
