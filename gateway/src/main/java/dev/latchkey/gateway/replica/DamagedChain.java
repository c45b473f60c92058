package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Table;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts a chain on disk off before its damage: what is behind comes from the cloud again and is verified as ever. Stateless. */
public final class DamagedChain {
    private static final int ROWS_PER_UNIT = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(DamagedChain.class);

    private DamagedChain() {}

    /**
     * Forgets all blocks from a height on; on disk before this returns.
     *
     * @param rows the chain's own rows
     */
    public static void cut(ChainRows rows, DamagedReplicaException damage) {
        LOG.atError()
                .addKeyValue("height", damage.height())
                .addKeyValue("reason", damage.getMessage())
                .log("the stored chain is damaged; its blocks from there on are asked for again");
        for (Table table : List.of(Table.BLOCKS, Table.HEADERS)) {
            while (cutSome(rows, table, damage.height()) == ROWS_PER_UNIT) {
                LOG.debug("more to cut");
            }
        }
    }

    private static int cutSome(ChainRows rows, Table table, long from) {
        return rows.store()
                .submit(draft -> {
                    List<Bytes> keys = new ArrayList<>();
                    rows.scan(
                            draft,
                            table,
                            Bytes.EMPTY,
                            Key.of(from),
                            (key, value) -> keys.add(key) && keys.size() < ROWS_PER_UNIT);
                    keys.forEach(key -> rows.delete(draft, table, key));
                    return keys.size();
                })
                .join();
    }
}
