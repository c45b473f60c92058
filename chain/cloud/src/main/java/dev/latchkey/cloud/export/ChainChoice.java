package dev.latchkey.cloud.export;

import dev.latchkey.console.UsageFault;
import dev.latchkey.transaction.ChainId;
import java.util.List;
import java.util.Optional;

/** Which of several chains is meant. Stateless. */
final class ChainChoice {
    private ChainChoice() {}

    /** The wanted chain, or the only one. */
    static ChainId of(List<ChainId> there, Optional<ChainId> wanted) {
        if (wanted.isPresent() && there.contains(wanted.get())) {
            return wanted.get();
        }
        if (wanted.isEmpty() && there.size() == 1) {
            return there.get(0);
        }
        String ids = String.join(", ", there.stream().map(ChainId::toHex).toList());
        throw new UsageFault((wanted.isPresent() ? "that chain is not there" : "name a chain with --chain")
                + "; there are " + there.size() + (there.isEmpty() ? "" : ": " + ids));
    }
}
