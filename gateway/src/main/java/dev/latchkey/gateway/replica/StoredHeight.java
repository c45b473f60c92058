package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.store.Table;
import dev.latchkey.transaction.ChainId;
import java.util.OptionalLong;

/** How far a store has come with a chain, without opening it as a replica. Stateless. */
public final class StoredHeight {
    private StoredHeight() {}

    /** The height of the newest block on disk; empty if the store knows none of the chain. */
    public static OptionalLong of(Store store, ChainId chain) {
        return ChainRows.known(store, chain.bytes())
                .flatMap(rows -> rows.get(Table.META, Replica.CURSOR))
                .map((Bytes height) -> OptionalLong.of(Key.lastNumber(height)))
                .orElseGet(OptionalLong::empty);
    }
}
