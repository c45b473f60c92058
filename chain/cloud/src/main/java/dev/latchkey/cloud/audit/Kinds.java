package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.SignedTransaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts transactions by kind. For one thread. */
final class Kinds {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "genesis"),
            Map.entry(3, "rotate"),
            Map.entry(4, "relocate-out"),
            Map.entry(5, "relocate-in"),
            Map.entry(6, "relocate-done"),
            Map.entry(7, "relocate-cancel"),
            Map.entry(8, "leave"),
            Map.entry(9, "suspend"),
            Map.entry(10, "resume"),
            Map.entry(11, "revoke"),
            Map.entry(12, "recover"),
            Map.entry(13, "recover by operators"),
            Map.entry(14, "veto"),
            Map.entry(15, "policy"),
            Map.entry(16, "evidence"),
            Map.entry(17, "foreign-revoke"));

    private static final int JOIN = 2;

    private final long[] counts = new long[18];
    private long byVoucher;
    private long ofBatch;
    private long total;

    /** Counts a transaction that was verified. */
    void take(Bytes transaction) throws MalformedCborException {
        List<Item> message =
                Cbor.decode(transaction, SignedTransaction.MAX_BYTES).asArray(4);
        List<Item> parts = Cbor.decode(message.get(2).asBytes(), SignedTransaction.MAX_BYTES)
                .asArray();
        int kind = parts.get(0).asUint(counts.length - 1);
        counts[kind]++;
        total++;
        if (kind == JOIN && !parts.get(6).isNull()) {
            byVoucher++;
        } else if (kind == JOIN && !message.get(1).asMap().isEmpty()) {
            ofBatch++;
        }
    }

    long total() {
        return total;
    }

    /** How many of each kind there were, in the order of their numbers; joins by voucher and of batches apart. */
    Map<String, Long> counts() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int kind = 1; kind < counts.length; kind++) {
            if (kind == JOIN) {
                named.put("join by voucher", byVoucher);
                named.put("join of a batch", ofBatch);
                named.put("join endorsed", counts[kind] - byVoucher - ofBatch);
            } else if (NAMES.containsKey(kind) || counts[kind] > 0) {
                named.put(NAMES.getOrDefault(kind, "kind " + kind), counts[kind]);
            }
        }
        return named;
    }
}
