package dev.latchkey.gateway.intake;

import dev.latchkey.bytes.Bytes;
import java.util.Collection;

/** Hears for whom something new waits; called on the store's thread, so it only hands on. */
@FunctionalInterface
public interface InboxListener {
    /** Something waits for the members with these ids. */
    void arrived(Collection<Bytes> members);
}
