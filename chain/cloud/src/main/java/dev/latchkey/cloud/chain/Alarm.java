package dev.latchkey.cloud.chain;

import java.util.EnumSet;
import java.util.Set;

/** Why the node does not sign a chain's checkpoints. */
public enum Alarm {
    /** It does. */
    NONE("this node has signed no checkpoint yet", "wait until it has"),
    /** The policy does not name this node's replica key. */
    NOT_A_REPLICA(
            "the policy does not name this node's replica key",
            "latchkey operator policy change --add-replica names it"),
    /** Evidence has struck this node's replica key. */
    STRUCK(
            "this node's replica key was struck by evidence; it never signs again",
            "take the node out, and keep the evidence"),
    /** The file that guards against a second history is gone. */
    GUARD_LOST(
            "the file that guards against a second history is lost", "take the node out, it comes back with new keys"),
    /** More was signed before than this chain has: the directory was rolled back. It may still catch up. */
    ROLLED_BACK(
            "the node's directory was rolled back behind what it signed before",
            "wait while it catches up; if it does not, take the node out"),
    /** What was signed before contradicts this history. */
    OTHER_HISTORY(
            "what this node signed before contradicts this history",
            "keep its data, latchkey audit compares them, and take the node out"),
    /** As many replicas as must sign a checkpoint signed another head of a height that this node verified. */
    OTHER_THAN_REPLICAS(
            "other replicas signed another head than this node has",
            "find out whose disk is bad, by latchkey audit of an export of each, and take that node out"),
    /** A block does not follow from its parent. */
    BAD_BLOCK(
            "a block does not verify; this node never signs what follows it",
            "keep its data, latchkey audit says more, and take the node out; it comes back under a new name"),
    /** What is stored cannot be read back, or not as it was written, or the guard cannot be written. */
    DISK(
            "what is stored cannot be read back as it was written, or the signing guard not written",
            "look at the disk and its cables, and take the node out; it comes back under a new name"),
    /** The newest block's time is further ahead of this node's clock than it signs. It may still come. */
    AHEAD(
            "the newest block's time is ahead of this node's clock",
            "compare the clocks of the nodes, and set the one that is wrong");

    /** What may pass by itself or by a later block: the line goes on and looks again. */
    private static final Set<Alarm> PASSING = EnumSet.of(NOT_A_REPLICA, ROLLED_BACK, AHEAD);

    private final String text;
    private final String advice;

    Alarm(String text, String advice) {
        this.text = text;
        this.advice = advice;
    }

    /** The reason in one sentence for people. */
    public String text() {
        return text;
    }

    /** What to do about it, in a few words. */
    public String advice() {
        return advice;
    }

    boolean mayPass() {
        return PASSING.contains(this);
    }
}
