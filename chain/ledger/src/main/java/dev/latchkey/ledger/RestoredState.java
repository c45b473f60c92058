package dev.latchkey.ledger;

import dev.latchkey.merkle.HistoryTree;

/**
 * A state that was read back and found to be the one its block commits to. Only {@link SnapshotReader} makes one.
 *
 * @param state the state after the block
 * @param history the tree over the headers up to that block
 */
public record RestoredState(ChainState state, HistoryTree history) {}
