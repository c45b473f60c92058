package dev.latchkey.gateway.replica;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is a member, by name and by key, in memory; read by any thread, written by one. Every answer comes from verified
 * blocks.
 */
public final class MemberIndex {
    private final Map<String, MemberRecord> byName = new ConcurrentHashMap<>();
    private final Map<CoseKey, MemberHandle> byDtlsKey = new ConcurrentHashMap<>();
    private final Map<KeyId, List<String>> byExchangeKid = new ConcurrentHashMap<>();

    /** The newest verified record of a name, whatever its state. */
    public Optional<MemberRecord> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The handle of the active member with this DTLS key. */
    public Optional<MemberHandle> byDtlsKey(CoseKey key) {
        return Optional.ofNullable(byDtlsKey.get(key));
    }

    /**
     * The active members whose key exchange key has this kid, in the order they took it. More than one only if somebody
     * searched for two keys with equal kids, which is possible for keys of his own.
     */
    public List<String> byExchangeKid(KeyId kid) {
        return byExchangeKid.getOrDefault(kid, List.of());
    }

    /** Names that were ever registered. */
    public int size() {
        return byName.size();
    }

    /**
     * Takes over a record of a verified block.
     *
     * @return the handle whose connections must end: its member is no longer active, or has another DTLS key now
     */
    Optional<MemberHandle> apply(MemberRecord newer) {
        MemberRecord older = byName.put(newer.name(), newer);
        if (older != null && older.isActive()) {
            removeExchangeKid(older);
        }
        if (newer.isActive()) {
            addExchangeKid(newer);
        }
        MemberHandle known = older == null ? null : byDtlsKey.get(older.keys().dtls());
        boolean sameKey =
                older != null && older.keys().dtls().equals(newer.keys().dtls());
        if (newer.isActive() && (known == null || !sameKey)) {
            byDtlsKey.put(newer.keys().dtls(), new MemberHandle(newer));
        }
        if (known == null) {
            return Optional.empty();
        }
        if (newer.isActive() && sameKey) {
            known.update(newer);
            return Optional.empty();
        }
        byDtlsKey.remove(older.keys().dtls());
        known.end();
        return Optional.of(known);
    }

    private void addExchangeKid(MemberRecord record) {
        byExchangeKid.compute(record.keys().kex().kid(), (kid, names) -> {
            List<String> more = names == null ? new ArrayList<>() : new ArrayList<>(names);
            more.add(record.name());
            return List.copyOf(more);
        });
    }

    private void removeExchangeKid(MemberRecord record) {
        byExchangeKid.computeIfPresent(record.keys().kex().kid(), (kid, names) -> {
            List<String> fewer = new ArrayList<>(names);
            fewer.remove(record.name());
            return fewer.isEmpty() ? null : List.copyOf(fewer);
        });
    }
}
