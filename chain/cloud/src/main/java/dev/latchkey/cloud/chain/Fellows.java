package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.SignedCheckpoint;
import java.util.function.Consumer;

/** The other replicas of a cluster, who sign what this one signed. Thread-safe. */
@FunctionalInterface
public interface Fellows {
    /** A node alone has none. */
    Fellows NONE = (signed, answer) -> {};

    /**
     * Shows them a head that this node signed. Never blocks; who does not answer is not asked again for that.
     *
     * @param answer is given what each of them signed of that head, on any thread; nothing of it is checked yet
     */
    void show(SignedCheckpoint signed, Consumer<SignedCheckpoint> answer);
}
