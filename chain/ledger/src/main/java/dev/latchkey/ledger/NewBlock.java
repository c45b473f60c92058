package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;

/**
 * A block that apply made: a function of state and entry, whose signatures this replica has not checked.
 *
 * @param encoded the block's bytes
 * @param height the block's height
 * @param hash SHA-256 of the header
 * @param historyLeaf the header's leaf hash in the history tree
 */
public record NewBlock(Bytes encoded, long height, Digest hash, Digest historyLeaf) {}
