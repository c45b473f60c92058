package dev.latchkey.cloud.api;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import java.util.Optional;

/** Who a request comes from, as far as one chain knows. Decided anew for every request. */
sealed interface Caller {
    /** An active member of the chain, by its current dtls key. */
    record Member(MemberRecord record) implements Caller {}

    /** A member that is suspended, on its way to another chain or arrived there, by the dtls key of its record. */
    record Resting(MemberRecord record) implements Caller {
        CoseKey key() {
            return record.keys().dtls();
        }
    }

    /** A cloud node that the chain's policy names, by its TLS key. */
    record Replica() implements Caller {}

    /** A key that the chain does not know as current. */
    record Stranger(CoseKey key) implements Caller {}

    /** No key at all. */
    record Nobody() implements Caller {}

    /** Who the holder of a member's dtls key is, if that says anything. */
    static Optional<Caller> holderOf(MemberRecord record) {
        if (record.isActive()) {
            return Optional.of(new Member(record));
        }
        boolean ended = record.state() instanceof MemberState.Left || record.state() instanceof MemberState.Revoked;
        return ended ? Optional.empty() : Optional.of(new Resting(record));
    }

    /** The record, if the caller is an active member. */
    default Optional<MemberRecord> member() {
        return this instanceof Member member ? Optional.of(member.record()) : Optional.empty();
    }

    /** Whether the caller is an active member of that name. */
    default boolean isNamed(String name) {
        return member().filter(record -> record.name().equals(name)).isPresent();
    }

    /** The record, if the caller is an active gateway. */
    default Optional<MemberRecord> gateway() {
        return member().filter(record -> record.role() == Role.GATEWAY);
    }

    /** Whether the caller may see raw blocks: gateways, admins, auditors and replicas. */
    default boolean seesBlocks() {
        return this instanceof Replica
                || member().filter(record -> record.role() != Role.MEMBER).isPresent();
    }

    /** Whether the caller may see single records and proofs: who is active, on its way to another chain, or a replica. */
    default boolean seesRecords() {
        return this instanceof Replica
                || this instanceof Member
                || this instanceof Resting resting && resting.record().state() instanceof MemberState.Moving;
    }

    /** Whether what the caller posts is bounded as a visitor's. */
    default boolean isVisitor() {
        return this instanceof Stranger || this instanceof Resting;
    }
}
