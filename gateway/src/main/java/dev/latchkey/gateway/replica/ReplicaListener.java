package dev.latchkey.gateway.replica;

import dev.latchkey.transaction.Policy;

/** Hears what a verified block changed for those who are connected; called on the store's thread, so it only hands on. */
public interface ReplicaListener {
    /** A member left, was put out, or has another DTLS key: its connections must end. Not so one that moves. */
    void memberEnded(MemberHandle handle);

    /** A member is active that was not before: it joined, arrived from another chain, was resumed, or has a new DTLS key. */
    void memberBegun(MemberHandle handle);

    /** A policy came into force: other replicas may speak for the chain now. */
    void policyChanged(Policy policy);

    /** A newer head may be handed out. */
    void headChanged(Head head);
}
