package dev.latchkey.ledger;

import java.util.List;
import java.util.Optional;

/**
 * What applying an entry gave.
 *
 * @param state the state after it; the state before, if there is no block
 * @param block the new block, unless every transaction was refused or repeated
 * @param outcomes one for each transaction of the entry, in its order
 */
public record Step(ChainState state, Optional<NewBlock> block, List<Outcome> outcomes) {
    public Step {
        outcomes = List.copyOf(outcomes);
    }
}
