package dev.latchkey.gateway.intake;

import java.util.Collection;

/** Hears for whom something new waits; called on the store's thread, so it only hands on. */
@FunctionalInterface
public interface InboxListener {
    void arrived(Collection<String> members);
}
