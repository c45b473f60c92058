package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.ProvisionalMembers;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * A session as its gateway knows it. On disk it is {@code [height, created, party, [+ party]]}, author first, with {@code
 * party = [chain id, name, member id, kid, ? true]}; true stands for a provisional member. The session is bound to the author's
 * chain.
 *
 * @param id the whole session id
 * @param height the height its opener is bound to
 * @param createdMillis when this gateway took the opener, milliseconds since 1970
 * @param author who opened it
 * @param recipients to whom, in the order of the list
 */
record Session(Digest id, long height, long createdMillis, Party author, List<Party> recipients) {
    /** How many bytes of the id a reading carries. */
    static final int TAG_BYTES = 4;

    private static final int MAX_ROW_BYTES = 8_192;
    /** More than an opener lists, for keys that members of several chains have. */
    static final int MAX_RECIPIENTS = 64;

    Session {
        recipients = List.copyOf(recipients);
    }

    Bytes tag() {
        return id.bytes().slice(0, TAG_BYTES);
    }

    /** Every member of the session, each once. */
    List<Party> parties() {
        List<Party> parties = new ArrayList<>();
        parties.add(author);
        for (Party recipient : recipients) {
            if (parties.stream().noneMatch(party -> party.id().equals(recipient.id()))) {
                parties.add(recipient);
            }
        }
        return parties;
    }

    /**
     * Whether a member may send in it: one of the author's chain. Who reads it looks up the sender's name there, and takes
     * what a member of that name in another chain sends for a forgery in the name of its own.
     */
    boolean hasSender(MemberHandle member) {
        return isOfAuthorsChain(member) && hasParty(member.id());
    }

    boolean isOfAuthorsChain(MemberHandle member) {
        return member.chain().equals(author.chain());
    }

    /** Whether a member with this id is in it. */
    boolean hasParty(Bytes id) {
        return parties().stream().anyMatch(party -> party.id().equals(id));
    }

    /** Whether every member may still be in it, with the key that the opener lists. */
    boolean isCurrent(Replicas replicas, ProvisionalMembers provisionals) {
        return author.isCurrentAuthor(replicas, provisionals)
                && recipients.stream().allMatch(recipient -> recipient.isCurrentRecipient(replicas, provisionals));
    }

    /** Whether a provisional member is in it: nothing of it leaves this gateway. */
    boolean isLocal() {
        return author.provisional() || recipients.stream().anyMatch(Party::provisional);
    }

    Bytes encode() {
        List<Item> readers = new ArrayList<>();
        recipients.forEach(recipient -> readers.add(item(recipient)));
        return Cbor.encode(Cbor.array(Cbor.uint(height), Cbor.uint(createdMillis), item(author), Cbor.array(readers)));
    }

    static Session decode(Digest id, Bytes row) {
        try {
            List<Item> parts = Cbor.decode(row, MAX_ROW_BYTES).asArray(4);
            List<Party> recipients = new ArrayList<>();
            for (Item reader : parts.get(3).asArray(1, MAX_RECIPIENTS)) {
                recipients.add(party(reader));
            }
            return new Session(id, parts.get(0).asUint(), parts.get(1).asUint(), party(parts.get(2)), recipients);
        } catch (MalformedCborException e) {
            throw new IllegalStateException("a row of the sessions is damaged", e);
        }
    }

    private static Item item(Party party) {
        List<Item> parts = new ArrayList<>(List.of(
                Cbor.bytes(party.chain().bytes()),
                Cbor.text(party.name()),
                Cbor.bytes(party.id()),
                Cbor.bytes(party.kid().value())));
        if (party.provisional()) {
            parts.add(Cbor.bool(true));
        }
        return Cbor.array(parts);
    }

    private static Party party(Item item) throws MalformedCborException {
        List<Item> parts = item.asArray(4, 5);
        return new Party(
                new ChainId(Digest.of(parts.get(0).asBytes(Digest.SIZE))),
                parts.get(1).asText(Names.MAX),
                parts.get(2).asBytes(MemberRecord.ID_BYTES),
                new KeyId(parts.get(3).asBytes(KeyId.SIZE)),
                parts.size() == 5 && parts.get(4).asBool());
    }
}
