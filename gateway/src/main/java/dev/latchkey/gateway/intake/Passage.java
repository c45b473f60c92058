package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.gateway.outbox.Recipient;
import java.util.List;

/**
 * The way of what one member sends in a session; the same for each of its readings.
 *
 * @param session the session
 * @param sender id of the member
 * @param recipients ids of all others in the session
 * @param readers the same as the outbox names them
 */
record Passage(Session session, Bytes sender, List<Bytes> recipients, List<Recipient> readers) {
    Passage {
        recipients = List.copyOf(recipients);
        readers = List.copyOf(readers);
    }

    static Passage of(Session session, Bytes sender) {
        List<Party> others = session.parties().stream()
                .filter(party -> !party.id().equals(sender))
                .toList();
        return new Passage(
                session,
                sender,
                others.stream().map(Party::id).toList(),
                others.stream()
                        .map(party -> party.recipientFor(session.author().chain()))
                        .toList());
    }
}
