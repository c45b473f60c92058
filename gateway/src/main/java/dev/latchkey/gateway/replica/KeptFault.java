package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Key;
import dev.latchkey.gateway.store.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * A block or checkpoint that did not verify and is kept in the store.
 *
 * @param height the height it was for
 * @param digest its SHA-256
 * @param bytes its size
 */
public record KeptFault(long height, Bytes digest, long bytes) {
    /** Those of a chain, lowest first; few. Reads the disk. */
    public static List<KeptFault> of(ChainRows rows) {
        List<KeptFault> found = new ArrayList<>();
        rows.scan(Table.EVIDENCE, Bytes.EMPTY, Bytes.EMPTY, (key, value) -> {
            found.add(new KeptFault(
                    Key.lastNumber(key.slice(0, Long.BYTES)), key.slice(Long.BYTES, key.size()), value.size()));
            return found.size() < Evidence.MAX_KEPT;
        });
        return found;
    }
}
