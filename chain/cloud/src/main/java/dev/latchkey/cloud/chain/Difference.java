package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;

/** In what two checkpoints of one height differ, by name. Stateless. */
final class Difference {
    private Difference() {}

    static List<String> of(Checkpoint own, Checkpoint other) {
        List<String> names = new ArrayList<>();
        if (!own.chain().equals(other.chain())) {
            names.add("chain");
        }
        if (!own.directoryRoot().equals(other.directoryRoot())) {
            names.add("directory-root");
        }
        if (!own.historyRoot().equals(other.historyRoot())) {
            names.add("history-root");
        }
        if (!own.blockHash().equals(other.blockHash())) {
            names.add("block-hash");
        }
        if (own.policyNumber() != other.policyNumber()) {
            names.add("policy");
        }
        if (own.timeMillis() != other.timeMillis()) {
            names.add("time");
        }
        return names;
    }
}
