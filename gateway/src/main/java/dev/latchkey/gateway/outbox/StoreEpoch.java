package dev.latchkey.gateway.outbox;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.protocol.MessageBatch;
import java.security.SecureRandom;

/**
 * The epoch of a store: 8 random bytes made with it. The cloud counts sequences within an epoch, so a gateway that
 * starts with an empty store never seems to repeat what it sent from another.
 */
public final class StoreEpoch {
    private static final Bytes KEY = Bytes.utf8("store-epoch");

    private StoreEpoch() {}

    /** The store's epoch; made and on disk before this returns, if it is new. */
    public static Bytes of(Store store, SecureRandom random) {
        return store.get(Table.META, KEY).orElseGet(() -> {
            byte[] fresh = new byte[MessageBatch.EPOCH_BYTES];
            random.nextBytes(fresh);
            Bytes epoch = Bytes.wrap(fresh);
            return store.submit(draft -> {
                        draft.put(Table.META, KEY, epoch);
                        return epoch;
                    })
                    .join();
        });
    }
}
