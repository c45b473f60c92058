package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;

/**
 * The place of a chain in a group of the pool. Immutable.
 *
 * @param network the name of its network
 * @param name its own
 * @param group index of the group that orders it
 * @param genesis the transaction with which it begins there
 */
public record PlacedChain(ChainId id, String network, String name, int group, Bytes genesis) {
    static PlacedChain of(int group, Bytes genesis) {
        try {
            Genesis body = (Genesis) SignedTransaction.decode(genesis).transaction();
            return new PlacedChain(body.chainId(), body.network(), body.chainName(), group, genesis);
        } catch (MalformedTransactionException | ClassCastException e) {
            throw new IllegalStateException("the log holds a genesis that was never checked", e);
        }
    }
}
