package dev.latchkey.gateway.tree;

/** Hears who has read some of its inbox; called on the store's thread, so it only hands on. */
@FunctionalInterface
public interface AcknowledgementListener {
    /** A member has acknowledged messages; {@code more} says whether others still wait. */
    void acknowledged(String member, boolean more);
}
