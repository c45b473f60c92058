package dev.latchkey.gateway.tree;

import dev.latchkey.bytes.Bytes;

/** Hears who has read some of its inbox; called on the store's thread, so it only hands on. */
@FunctionalInterface
public interface AcknowledgementListener {
    /** The member with an id has acknowledged messages; {@code more} says whether others still wait. */
    void acknowledged(Bytes member, boolean more);
}
