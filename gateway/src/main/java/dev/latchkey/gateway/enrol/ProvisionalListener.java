package dev.latchkey.gateway.enrol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.gateway.replica.MemberHandle;
import java.util.Collection;

/** Hears what became of provisional members; called on the store's thread, so it only hands on. */
public interface ProvisionalListener {
    /** A join is final or refused: who asks for its outcome is told, and the member's connections end. */
    void settled(Digest transactionId, MemberHandle handle);

    /** Something new is in the inboxes of members, by their ids. */
    void arrived(Collection<Bytes> members);
}
