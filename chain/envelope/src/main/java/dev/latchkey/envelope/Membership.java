package dev.latchkey.envelope;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is in a session, by the keys its opener lists: what each sends under follows from the session secret, so whoever
 * knows that derives everything at once, and erases it.
 *
 * @param author the author's sig key
 * @param recipients kex keys, in the order of the list
 */
record Membership(Digest sessionId, ChainContext context, String authorName, KeyId author, List<KeyId> recipients) {
    /** What one member sends with. */
    SendingSession sending(Secret sessionSecret, KeyId own, Instant now, CounterStore store) {
        SenderSecrets secrets = Derivation.senderSecrets(sessionSecret, sessionId, own, context);
        return new SendingSession(sessionId, now.toEpochMilli(), secrets.iv(), 0, secrets.chain(), store);
    }

    /** What one member opens the readings of all others with. */
    ReceivingSession receiving(Secret sessionSecret, KeyId own) {
        List<KeyId> members = new ArrayList<>();
        members.add(author);
        members.addAll(recipients);
        Map<KeyId, SenderStream> streams = new LinkedHashMap<>();
        for (KeyId member : members) {
            if (!member.equals(own)) {
                SenderSecrets secrets = Derivation.senderSecrets(sessionSecret, sessionId, member, context);
                streams.put(member, new SenderStream(secrets, new DigestCheck(sessionId, recipients.size() > 1)));
            }
        }
        return new ReceivingSession(sessionId, context, authorName, streams, author);
    }
}
