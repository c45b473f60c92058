package dev.latchkey.gateway.store;

import dev.latchkey.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The rows of one chain in tables that several chains share: each key begins with the chain's number, four bytes,
 * big-endian, and here nobody sees it. The number is given when the chain is served for the first time, stands in the
 * store, and is never given to another; so chains may be listed in any order, left out, and served again. Safe for use
 * by many threads.
 */
public final class ChainRows {
    /** Key of the chain's store epoch in {@link Table#META}; whoever opens a damaged store deletes it. */
    public static final Bytes STORE_EPOCH = Bytes.utf8("store-epoch");

    private static final Bytes NEXT = Bytes.utf8("next-chain");
    private static final Bytes NUMBER_OF = Bytes.utf8("chain/");

    private final Store store;
    private final Bytes number;

    private ChainRows(Store store, Bytes number) {
        this.store = store;
        this.number = number;
    }

    /**
     * The rows of a chain; on disk before this returns, if the chain is new here.
     *
     * @param chain the chain's id, 32 bytes
     */
    public static ChainRows of(Store store, Bytes chain) {
        Bytes key = Bytes.concat(NUMBER_OF, chain);
        Bytes known = store.get(Table.META, key)
                .orElseGet(() -> store.submit(draft -> {
                            long next = draft.get(Table.META, NEXT)
                                    .map(Key::lastNumber)
                                    .orElse(0L);
                            draft.put(Table.META, key, Key.of(next));
                            draft.put(Table.META, NEXT, Key.of(next + 1));
                            return Key.of(next);
                        })
                        .join());
        return numbered(store, known);
    }

    private static ChainRows numbered(Store store, Bytes known) {
        int number = Math.toIntExact(Key.lastNumber(known));
        return new ChainRows(
                store,
                Bytes.wrap(ByteBuffer.allocate(Integer.BYTES).putInt(number).array()));
    }

    /** The rows of a chain, if it was ever served here; changes nothing. */
    public static Optional<ChainRows> known(Store store, Bytes chain) {
        return store.get(Table.META, Bytes.concat(NUMBER_OF, chain)).map(known -> numbered(store, known));
    }

    /** The whole store, for units that change rows of other tables as well. */
    public Store store() {
        return store;
    }

    /** What is on disk under a key. */
    public Optional<Bytes> get(Table table, Bytes key) {
        return store.get(table, whole(key));
    }

    /** This chain's rows on disk whose key starts with a prefix, from a key on. */
    public void scan(Table table, Bytes prefix, Bytes from, Rows rows) {
        store.scan(table, whole(prefix), whole(from), (key, value) -> rows.row(own(key), value));
    }

    /** As {@link #get(Table, Bytes)}, with what the unit has drafted. */
    public Optional<Bytes> get(Draft draft, Table table, Bytes key) {
        return draft.get(table, whole(key));
    }

    /** As {@link #scan(Table, Bytes, Bytes, Rows)}, with what the unit has drafted. */
    public void scan(Draft draft, Table table, Bytes prefix, Bytes from, Rows rows) {
        draft.scan(table, whole(prefix), whole(from), (key, value) -> rows.row(own(key), value));
    }

    public void put(Draft draft, Table table, Bytes key, Bytes value) {
        draft.put(table, whole(key), value);
    }

    public void delete(Draft draft, Table table, Bytes key) {
        draft.delete(table, whole(key));
    }

    private Bytes whole(Bytes key) {
        return Bytes.concat(number, key);
    }

    private static Bytes own(Bytes key) {
        return key.slice(Integer.BYTES, key.size());
    }
}
