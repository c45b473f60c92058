package dev.latchkey.ledger;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.merkle.Frontier;
import dev.latchkey.merkle.Rfc9162;
import java.util.ArrayList;
import java.util.List;

/**
 * The one way from a finished draft to a block and the state after it.
 *
 * @param block the new block
 * @param state the state after it
 */
record Assembly(NewBlock block, ChainState state) {
    /** Puts seal, Merkle root and header onto a draft; {@code historyBefore} covers the headers before it. */
    static Assembly of(Draft draft, Digest previous, Frontier historyBefore, Bytes nonce) {
        Seal seal = new Seal(draft.height(), draft.directoryRoot(), historyBefore.root());
        List<Bytes> transactions = new ArrayList<>();
        transactions.add(seal.encode());
        transactions.addAll(draft.transactions());
        Block unsealed = new Block(Bytes.EMPTY, transactions);
        Header header = new Header(
                draft.inForce().blockVersion().version(),
                previous,
                unsealed.merkleRoot(),
                draft.timeMillis(),
                draft.height() == 0 ? 0 : draft.inForce().difficulty(), // block 0 is nobody's work
                nonce);
        Bytes headerBytes = header.encode();
        Digest leaf = Rfc9162.leafHash(headerBytes);
        ChainState state =
                new ChainState(draft.registers(), draft.height(), header, headerBytes, historyBefore.append(leaf));
        Bytes encoded = new Block(headerBytes, transactions).encode();
        return new Assembly(new NewBlock(encoded, draft.height(), state.blockHash(), leaf, draft.changed()), state);
    }
}
