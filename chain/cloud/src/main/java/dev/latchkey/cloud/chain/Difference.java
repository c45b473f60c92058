package dev.latchkey.cloud.chain;

import dev.latchkey.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * In what two checkpoints of one height differ. Immutable.
 *
 * @param names the roots and fields, {@code directory-root} for instance
 * @param own what this node has for each
 * @param other what the other one has for each
 */
record Difference(List<String> names, List<String> own, List<String> other) {
    Difference {
        names = List.copyOf(names);
        own = List.copyOf(own);
        other = List.copyOf(other);
    }

    static Difference of(Checkpoint own, Checkpoint other) {
        Difference found = new Difference(List.of(), List.of(), List.of())
                .and("chain", own.chain(), other.chain())
                .and("directory-root", own.directoryRoot(), other.directoryRoot())
                .and("history-root", own.historyRoot(), other.historyRoot())
                .and("block-hash", own.blockHash(), other.blockHash());
        return found.names.isEmpty() // else these lie in the block, and say no more than its hash
                ? found.and("policy", own.policyNumber(), other.policyNumber())
                        .and("time", own.timeMillis(), other.timeMillis())
                : found;
    }

    private Difference and(String name, Object mine, Object others) {
        return mine.equals(others)
                ? this
                : new Difference(with(names, name), with(own, mine.toString()), with(other, others.toString()));
    }

    private static List<String> with(List<String> before, String one) {
        List<String> all = new ArrayList<>(before);
        all.add(one);
        return all;
    }

    /** The same as an alarm: what the other one has was expected. */
    Finding finding(Alarm alarm, Checkpoint head, String store) {
        return new Finding(alarm, head.chain(), head.height(), store, text(names), text(other), text(own));
    }

    private static String text(List<String> each) {
        return each.stream().collect(Collectors.joining(" and "));
    }
}
