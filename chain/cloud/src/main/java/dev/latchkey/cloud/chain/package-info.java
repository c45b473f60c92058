/**
 * The chains that this node orders: from a submitted transaction to its place in a block and the checkpoint over it.
 *
 * <p>Imports the ledger, {@code raft} and {@code store}; knows nothing of HTTP or mailboxes. The life of a transaction:
 * {@link dev.latchkey.cloud.chain.TransactionQueue} checks it and proposes it in an entry,
 * {@link dev.latchkey.cloud.chain.ChainsMachine} applies the committed entry and writes the block,
 * {@link dev.latchkey.cloud.chain.CheckpointLine} reads the block back, verifies it in full and signs.
 */
package dev.latchkey.cloud.chain;
