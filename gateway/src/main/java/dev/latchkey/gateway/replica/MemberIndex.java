package dev.latchkey.gateway.replica;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is a member of one chain, by name and by key, in memory; read by any thread, written by one. Every answer comes from
 * verified blocks. Members that are moving or moved keep their keys here: they may finish the move, and messages for them
 * are still taken.
 */
public final class MemberIndex {
    private final ChainId chain;
    private final Map<String, MemberRecord> byName = new ConcurrentHashMap<>();
    private final Map<CoseKey, MemberHandle> byDtlsKey = new ConcurrentHashMap<>();
    private final Map<KeyId, List<String>> byExchangeKid = new ConcurrentHashMap<>();

    MemberIndex(ChainId chain) {
        this.chain = chain;
    }

    /** The newest verified record of a name, whatever its state. */
    public Optional<MemberRecord> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The handle of the member with this DTLS key that is active, moving or moved. */
    public Optional<MemberHandle> byDtlsKey(CoseKey key) {
        return Optional.ofNullable(byDtlsKey.get(key));
    }

    /**
     * The members whose key exchange key has this kid and who are active, moving or moved, in the order they took it. More
     * than one only if somebody searched for two keys with equal kids, which is possible for keys of his own.
     */
    public List<String> byExchangeKid(KeyId kid) {
        return byExchangeKid.getOrDefault(kid, List.of());
    }

    /** Names that were ever registered. */
    public int size() {
        return byName.size();
    }

    /**
     * What a record changed for those who are connected.
     *
     * @param ended the handle whose connections must end: its member is put out, or has another DTLS key now
     * @param begun the handle of a member that is active now and was not before
     */
    record Change(Optional<MemberHandle> ended, Optional<MemberHandle> begun) {}

    /** Takes over a record of a verified block. */
    Change apply(MemberRecord newer) {
        MemberRecord older = byName.put(newer.name(), newer);
        if (older != null && isReachable(older)) {
            removeExchangeKid(older);
        }
        if (isReachable(newer)) {
            addExchangeKid(newer);
        }
        MemberHandle known = older == null ? null : byDtlsKey.get(older.keys().dtls());
        boolean wasCurrent = known != null && known.isCurrent();
        boolean stays = known != null
                && isReachable(newer)
                && older.keys().dtls().equals(newer.keys().dtls());
        if (stays) {
            known.update(newer);
            return new Change(
                    Optional.empty(), newer.isActive() && !wasCurrent ? Optional.of(known) : Optional.empty());
        }
        if (known != null) {
            byDtlsKey.remove(older.keys().dtls());
            known.end();
        }
        if (!isReachable(newer)) {
            return new Change(Optional.ofNullable(known), Optional.empty());
        }
        MemberHandle handle = new MemberHandle(chain, newer);
        byDtlsKey.put(newer.keys().dtls(), handle);
        return new Change(Optional.ofNullable(known), newer.isActive() ? Optional.of(handle) : Optional.empty());
    }

    private static boolean isReachable(MemberRecord record) {
        return record.isActive() || MemberHandle.isMoving(record);
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
