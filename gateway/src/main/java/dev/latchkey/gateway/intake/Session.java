package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.replica.MemberIndex;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session as its gateway knows it. On disk it is {@code [height, created, [name, kid], [+ [name, kid]]]}, author first.
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

    private static final int MAX_ROW_BYTES = 4_096;
    private static final int MAX_RECIPIENTS = 64;

    Session {
        recipients = List.copyOf(recipients);
    }

    Bytes tag() {
        return id.bytes().slice(0, TAG_BYTES);
    }

    /** Every member of the session, each once. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        names.add(author.name());
        for (Party recipient : recipients) {
            if (!names.contains(recipient.name())) {
                names.add(recipient.name());
            }
        }
        return names;
    }

    /** Whether every member is active and still has the key that the opener lists. */
    boolean isCurrent(MemberIndex members) {
        Optional<MemberRecord> writer = members.byName(author.name());
        if (writer.isEmpty()
                || !writer.get().isActive()
                || !writer.get().keys().sig().kid().equals(author.kid())) {
            return false;
        }
        for (Party recipient : recipients) {
            Optional<MemberRecord> reader = members.byName(recipient.name());
            if (reader.isEmpty()
                    || !reader.get().isActive()
                    || !reader.get().keys().kex().kid().equals(recipient.kid())) {
                return false;
            }
        }
        return true;
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
        return Cbor.array(Cbor.text(party.name()), Cbor.bytes(party.kid().value()));
    }

    private static Party party(Item item) throws MalformedCborException {
        List<Item> parts = item.asArray(2);
        return new Party(parts.get(0).asText(Names.MAX), new KeyId(parts.get(1).asBytes(KeyId.SIZE)));
    }
}
