package dev.latchkey.cloud.raft;

/** What a node knows of its own clock and of the other members' beyond the log. Thread-safe. */
public interface Judgement {
    /** Where nothing is known that speaks against anybody. */
    Judgement NONE = new Judgement() {
        @Override
        public boolean mayOrder() {
            return true;
        }

        @Override
        public boolean mayLead(String member) {
            return true;
        }
    };

    /** Whether this node may put entries into logs that it leads. */
    boolean mayOrder();

    /** Whether a member may be handed the lead. */
    boolean mayLead(String member);
}
