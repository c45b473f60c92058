package dev.latchkey.cloud.chain;

import java.util.EnumSet;
import java.util.Set;

/** Why the node does not sign a chain's checkpoints. */
public enum Alarm {
    /** It does. */
    NONE("this node has signed no checkpoint yet"),
    /** The policy does not name this node's replica key. */
    NOT_A_REPLICA("the policy does not name this node's replica key"),
    /** Evidence has struck this node's replica key. */
    STRUCK("this node's replica key was struck by evidence; it never signs again"),
    /** The file that guards against a second history is gone. */
    GUARD_LOST("the file that guards against a second history is lost"),
    /** More was signed before than this chain has: the directory was rolled back. It may still catch up. */
    ROLLED_BACK("the node's directory was rolled back behind what it signed before"),
    /** What was signed before contradicts this history. */
    OTHER_HISTORY("what this node signed before contradicts this history"),
    /** As many replicas as must sign a checkpoint signed another head of a height that this node verified. */
    OTHER_THAN_REPLICAS("other replicas signed another head than this node has; its log names the root that differs"),
    /** A block does not follow from its parent. */
    BAD_BLOCK("a block does not verify; this node never signs what follows it"),
    /** A block cannot be read back, or the guard not written. */
    DISK("a block cannot be read back, or the signing guard not written"),
    /** The newest block's time is further ahead of this node's clock than it signs. It may still come. */
    AHEAD("the newest block's time is ahead of this node's clock");

    /** What may pass by itself or by a later block: the line goes on and looks again. */
    private static final Set<Alarm> PASSING = EnumSet.of(NOT_A_REPLICA, ROLLED_BACK, AHEAD);

    private final String text;

    Alarm(String text) {
        this.text = text;
    }

    /** The reason in one sentence for people. */
    public String text() {
        return text;
    }

    boolean mayPass() {
        return PASSING.contains(this);
    }
}
