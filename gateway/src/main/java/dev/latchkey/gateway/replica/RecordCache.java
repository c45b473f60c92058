package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The decoded records of members lately asked for. Decoding finds three points of the curve, some 40 microseconds, and a
 * decoded record takes some 1.6 KiB: too much to do for each message, and to keep for each member. Safe for use by
 * many threads; never outdated, for it answers only for the very bytes it decoded.
 */
final class RecordCache {
    private final int perGeneration;
    private volatile Map<String, Decoded> young = new ConcurrentHashMap<>();
    private volatile Map<String, Decoded> old = Map.of();

    private record Decoded(Bytes encoded, MemberRecord record) {}

    /** A cache of at most so many records, which forgets those not asked for lately. */
    RecordCache(int capacity) {
        this.perGeneration = capacity / 2;
    }

    /** The record of a name whose encoding these bytes are. */
    MemberRecord of(String name, Bytes encoded) {
        Decoded known = young.get(name);
        if (known == null) {
            known = old.get(name);
            if (known != null && known.encoded.equals(encoded)) {
                keep(name, known);
            }
        }
        if (known == null || !known.encoded.equals(encoded)) {
            known = new Decoded(encoded, decode(encoded));
            keep(name, known);
        }
        return known.record;
    }

    /** Keeps a record that is decoded already. */
    void keep(MemberRecord record) {
        keep(record.name(), new Decoded(record.encode(), record));
    }

    private synchronized void keep(String name, Decoded decoded) {
        if (young.size() >= perGeneration) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
        young.put(name, decoded);
    }

    private static MemberRecord decode(Bytes encoded) {
        try {
            return MemberRecord.decode(encoded);
        } catch (MalformedTransactionException e) {
            throw new IllegalStateException("the ledger wrote this record itself", e);
        }
    }
}
