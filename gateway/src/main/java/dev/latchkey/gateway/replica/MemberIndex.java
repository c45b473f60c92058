package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Who is a member of one chain, by name and by key, in memory; read by any thread, written by one. Every answer comes from
 * verified blocks. Members that are moving or moved keep their keys here: they may finish the move, and messages for them
 * are still taken.
 *
 * <p>It answers from the chain's newest state and keeps only what is in use: handles for as long as somebody holds them,
 * and the decoded records lately asked for.
 */
public final class MemberIndex {
    /** Some 100 MiB when full. */
    private static final int MAX_DECODED = 65_536;

    private final ChainId chain;
    private final Supplier<Optional<ChainState>> newest;
    private final RecordCache records = new RecordCache(MAX_DECODED);
    private final Map<String, Held> handles = new ConcurrentHashMap<>();
    private final ReferenceQueue<MemberHandle> dropped = new ReferenceQueue<>();

    /** A handle, for as long as a connection holds it. */
    private static final class Held extends WeakReference<MemberHandle> {
        private final String name;

        Held(MemberHandle handle, ReferenceQueue<MemberHandle> dropped) {
            super(handle, dropped);
            this.name = handle.name();
        }
    }

    /** The index over the newest state that a supplier gives. */
    MemberIndex(ChainId chain, Supplier<Optional<ChainState>> newest) {
        this.chain = chain;
        this.newest = newest;
    }

    /** The newest verified record of a name, whatever its state. */
    public Optional<MemberRecord> byName(String name) {
        return newest.get().flatMap(state -> byName(state, name));
    }

    private Optional<MemberRecord> byName(ChainState state, String name) {
        Optional<Bytes> value = state.directory().get(DirectoryPath.of(chain.digest(), name));
        return value.filter(MemberRecord::looksLikeRecord).map(encoded -> records.of(name, encoded));
    }

    /** The handle of the member with this DTLS key that is active, moving or moved. */
    public Optional<MemberHandle> byDtlsKey(CoseKey key) {
        Optional<String> name = newest.get().flatMap(state -> state.registrantName(key.kid()));
        if (name.isEmpty()) {
            return Optional.empty();
        }
        forgetDropped();
        MemberHandle[] found = {null};
        // One at a time with apply, which comes after the state it belongs to: no handle of an older record is left.
        handles.compute(name.get(), (same, held) -> {
            Optional<MemberRecord> record = byName(same)
                    .filter(MemberIndex::isReachable)
                    .filter(current -> current.keys().dtls().equals(key));
            MemberHandle live = held == null ? null : held.get();
            if (live != null) {
                // A handle of another key ends when apply comes to this record, and not before.
                found[0] = record.isPresent() && live.owns(key) ? live : null;
                return held;
            }
            if (record.isEmpty()) {
                return null;
            }
            found[0] = new MemberHandle(chain, record.get());
            return new Held(found[0], dropped);
        });
        return Optional.ofNullable(found[0]);
    }

    /**
     * The members whose key exchange key has this kid and who are active, moving or moved: one, since no kid is registered
     * twice, or none.
     */
    public List<String> byExchangeKid(KeyId kid) {
        return newest.get().flatMap(state -> state.registrantName(kid)).flatMap(this::byName).stream()
                .filter(record ->
                        isReachable(record) && record.keys().kex().kid().equals(kid))
                .map(MemberRecord::name)
                .toList();
    }

    /** Names that were ever registered. */
    public long size() {
        return newest.get().map(ChainState::memberCount).orElse(0L);
    }

    /**
     * What a record changed for those who are connected.
     *
     * @param ended the handle whose connections must end: its member is put out, has another DTLS key now, or is moving,
     *     which it may finish over a new connection
     * @param begun the handle of a member that is active now and, as far as anybody holds a handle, was not before
     */
    record Change(Optional<MemberHandle> ended, Optional<MemberHandle> begun) {}

    /** Takes over a record of a verified block, whose state is the newest already. */
    Change apply(MemberRecord newer) {
        records.keep(newer);
        MemberHandle[] ended = {null};
        MemberHandle[] begun = {null};
        handles.compute(newer.name(), (name, held) -> {
            MemberHandle known = held == null ? null : held.get();
            boolean wasCurrent = known != null && known.isCurrent();
            if (known != null && isReachable(newer) && known.owns(newer.keys().dtls())) {
                known.update(newer);
                begun[0] = newer.isActive() && !wasCurrent ? known : null;
                ended[0] = wasCurrent && !newer.isActive() ? known : null;
                return held;
            }
            if (known != null) {
                known.end(newer);
                ended[0] = known;
            }
            if (!newer.isActive()) {
                return null;
            }
            begun[0] = new MemberHandle(chain, newer);
            return new Held(begun[0], dropped);
        });
        forgetDropped();
        return new Change(Optional.ofNullable(ended[0]), Optional.ofNullable(begun[0]));
    }

    /** Handles that are in use, or were until lately. */
    int handles() {
        return handles.size();
    }

    private void forgetDropped() {
        for (Reference<?> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
            handles.remove(((Held) gone).name, gone);
        }
    }

    private static boolean isReachable(MemberRecord record) {
        return record.isActive() || MemberHandle.isMoving(record);
    }
}
