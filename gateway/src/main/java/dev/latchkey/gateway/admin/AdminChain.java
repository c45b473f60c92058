package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.outbox.Outbox;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.witness.ChainWatch;
import dev.latchkey.transaction.ChainId;
import java.util.function.Supplier;

/**
 * What administrators can look at of a served chain.
 *
 * @param name the sub-network's name in the settings
 * @param rows its rows in the store
 * @param status how it is now
 */
public record AdminChain(
        String name, ChainRows rows, Replica replica, Outbox outbox, ChainWatch watch, Supplier<ChainStatus> status) {
    /** The chain's id. */
    public ChainId id() {
        return replica.chain();
    }
}
