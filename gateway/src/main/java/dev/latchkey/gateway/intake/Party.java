package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.outbox.Recipient;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Membership;
import dev.latchkey.gateway.replica.ProvisionalMembers;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.util.Optional;

/**
 * A member of a session, by the key the opener lists it with.
 *
 * @param chain the chain in which it was found
 * @param name its name there
 * @param id its id, 16 bytes
 * @param kid of the author its sig key, of a recipient its kex key
 * @param provisional whether the chain did not have it yet
 */
record Party(ChainId chain, String name, Bytes id, KeyId kid, boolean provisional) {
    static Party author(MemberHandle member, KeyId kid) {
        return new Party(member.chain(), member.name(), member.id(), kid, member.isProvisional());
    }

    static Party recipient(Membership member, KeyId kid) {
        return new Party(member.chain(), member.record().name(), member.record().id(), kid, false);
    }

    static Party provisional(ChainId chain, MemberRecord record, KeyId kid) {
        return new Party(chain, record.name(), record.id(), kid, true);
    }

    /** The same in a message that goes up in the chain of its sender. */
    Recipient recipientFor(ChainId senderChain) {
        return new Recipient(chain.equals(senderChain) ? Optional.empty() : Optional.of(chain), name);
    }

    /** Whether it is active and still has the sig key that the opener was signed with. */
    boolean isCurrentAuthor(Replicas replicas, ProvisionalMembers provisionals) {
        Optional<MemberRecord> found = provisional ? waiting(replicas, provisionals) : record(replicas);
        return found.filter(MemberRecord::isActive)
                .filter(record -> record.keys().sig().kid().equals(kid))
                .isPresent();
    }

    /**
     * Whether the kex key that the opener lists is still its key: where it was found or, if it moved on to a chain that is
     * served here, there.
     */
    boolean isCurrentRecipient(Replicas replicas, ProvisionalMembers provisionals) {
        if (provisional) {
            return waiting(replicas, provisionals)
                    .filter(record -> has(record.keys()))
                    .isPresent();
        }
        Optional<MemberRecord> found = record(replicas);
        if (found.isEmpty()) {
            return false;
        }
        MemberRecord record = found.get();
        if (record.state() instanceof MemberState.Moved moved) {
            Optional<Replica> next = replicas.of(moved.to());
            Optional<MemberRecord> there =
                    next.flatMap(replica -> replica.members().byName(moved.name()));
            return there.isPresent() && !chain.equals(moved.to())
                    ? isReachable(there.get())
                            && there.get().id().equals(id)
                            && has(there.get().keys())
                    : has(record.keys());
        }
        return isReachable(record) && has(record.keys());
    }

    private Optional<MemberRecord> record(Replicas replicas) {
        return replicas.record(chain, name).filter(record -> record.id().equals(id));
    }

    /** As long as the chain has not taken it, nor anybody else of that name: after that its sessions begin anew. */
    private Optional<MemberRecord> waiting(Replicas replicas, ProvisionalMembers provisionals) {
        return replicas.record(chain, name).isPresent()
                ? Optional.empty()
                : provisionals.record(chain, name).filter(record -> record.id().equals(id));
    }

    private boolean has(MemberKeys keys) {
        return keys.kex().kid().equals(kid);
    }

    private static boolean isReachable(MemberRecord record) {
        return record.isActive() || MemberHandle.isMoving(record);
    }
}
