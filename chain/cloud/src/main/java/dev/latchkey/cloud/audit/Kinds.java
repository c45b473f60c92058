package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.SignedTransaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts transactions by kind. For one thread. */
final class Kinds {
    private static final Map<Integer, String> NAMES = Map.of(
            1, "genesis",
            2, "join",
            3, "rotate",
            8, "leave",
            9, "suspend",
            10, "resume",
            11, "revoke",
            12, "recover",
            15, "policy");

    private final long[] counts = new long[17];
    private long byVoucher;
    private long total;

    /** Counts a transaction that was verified. */
    void take(Bytes transaction) throws MalformedCborException {
        Bytes body = Cbor.decode(transaction, SignedTransaction.MAX_BYTES)
                .asArray(4)
                .get(2)
                .asBytes();
        List<Item> parts = Cbor.decode(body, SignedTransaction.MAX_BYTES).asArray();
        int kind = parts.get(0).asUint(counts.length - 1);
        counts[kind]++;
        total++;
        if (kind == 2 && !parts.get(6).isNull()) {
            byVoucher++;
        }
    }

    long total() {
        return total;
    }

    /** How many of each kind there were, in the order of their numbers; joins by voucher apart. */
    Map<String, Long> counts() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int kind : new ArrayList<>(NAMES.keySet()).stream().sorted().toList()) {
            if (kind == 2) {
                named.put("join by voucher", byVoucher);
                named.put("join endorsed", counts[kind] - byVoucher);
            } else {
                named.put(NAMES.get(kind), counts[kind]);
            }
        }
        return named;
    }
}
