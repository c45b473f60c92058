package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.util.Optional;

/**
 * A member as its connections see it: always the record of the newest verified block, so that a leave or a revoke acts
 * on the next request of a connection that is already open. Safe for use by many threads; one per chain and DTLS key.
 */
public final class MemberHandle {
    private final ChainId chain;
    private final String name;
    private volatile MemberRecord record;
    private final Optional<Provisional> provisional;
    private volatile Optional<MemberRecord> endedBy = Optional.empty();

    MemberHandle(ChainId chain, MemberRecord record) {
        this(chain, record, Optional.empty());
    }

    private MemberHandle(ChainId chain, MemberRecord record, Optional<Provisional> provisional) {
        this.chain = chain;
        this.name = record.name();
        this.record = record;
        this.provisional = provisional;
    }

    /**
     * The handle of a member that the chain does not have yet: neither current nor moving, until it has a successor.
     *
     * @param record the record that it would have
     */
    public static MemberHandle provisional(ChainId chain, MemberRecord record, Provisional provisional) {
        return new MemberHandle(chain, record, Optional.of(provisional));
    }

    /** The chain this is a membership of. */
    public ChainId chain() {
        return chain;
    }

    public String name() {
        return name;
    }

    /** The member's id, 16 bytes, which it keeps when it moves to another chain. */
    public Bytes id() {
        return record.id();
    }

    /** The newest verified record under which this handle's DTLS key was current. */
    public MemberRecord record() {
        return successor().map(MemberHandle::record).orElse(record);
    }

    /** Whether the member is active and still owns the key this handle was given for. */
    public boolean isCurrent() {
        return provisional.isEmpty()
                ? endedBy.isEmpty() && record.isActive()
                : successor().filter(MemberHandle::isCurrent).isPresent();
    }

    /** Whether the member is known on this gateway's word alone: a few things are open to it, and stay here. */
    public boolean isProvisional() {
        return provisional.filter(Provisional::stands).isPresent();
    }

    /** Whether it was provisional, and the chain has refused it. */
    public boolean isRefused() {
        return provisional.filter(Provisional::isRefused).isPresent();
    }

    private Optional<MemberHandle> successor() {
        return provisional.flatMap(Provisional::successor);
    }

    /** Whether the member is on its way to another chain, or has arrived there: it may finish that, and no more. */
    public boolean isMoving() {
        return provisional.isEmpty()
                ? endedBy.isEmpty() && isMoving(record)
                : successor().filter(MemberHandle::isMoving).isPresent();
    }

    /** Whether a record says that its member is moving or moved. */
    public static boolean isMoving(MemberRecord record) {
        return record.state() instanceof MemberState.Moving || record.state() instanceof MemberState.Moved;
    }

    /** Whether this is the handle of that DTLS key. */
    boolean owns(CoseKey dtls) {
        return endedBy.isEmpty() && record.keys().dtls().equals(dtls);
    }

    void update(MemberRecord newer) {
        record = newer;
    }

    /**
     * From here on nobody is served through this handle; a member that joins again gets another one.
     *
     * @param newer the record that ended it
     */
    void end(MemberRecord newer) {
        endedBy = Optional.of(newer);
    }

    /** The member's newest verified record, also when this handle's key is not its key any more. */
    public MemberRecord newest() {
        return endedBy.orElseGet(this::record);
    }

    @Override
    public String toString() {
        return "member " + name;
    }
}
