package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import java.util.List;

/**
 * Checks that the two ways from a block to those before it agree: the header's hash of the header before, and the
 * seal's root over all of them. Light verifiers see only the second, so nobody else compares. For one thread.
 *
 * <p>It keeps the headers' leaves itself and recomputes every root from them, apart from the state that the verifier
 * carries along.
 */
final class Links {
    private static final int MAX_SEAL_BYTES = 128;

    private final HistoryTree history = new HistoryTree();
    private Digest previous = Digest.ZERO;

    /** Takes the next block. */
    void take(VerifiedBlock block) throws AuditFault {
        try {
            Block decoded = Block.decode(block.encoded());
            Digest linked = Header.decode(decoded.header()).previous();
            Digest sealed = sealedHistory(decoded.transactions().get(0));
            if (!linked.equals(previous) || !sealed.equals(history.root(history.size()))) {
                throw new AuditFault(block.height(), "links: hash link and history tree disagree");
            }
            previous = Digest.sha256(decoded.header());
            history.append(Rfc9162.leafHash(decoded.header()));
        } catch (MalformedBlockException | MalformedCborException e) {
            throw new AuditFault(block.height(), "malformed", e);
        }
        if (!history.root(history.size()).equals(block.after().historyRoot())) {
            throw new AuditFault(block.height(), "links: hash link and history tree disagree");
        }
    }

    private static Digest sealedHistory(Bytes seal) throws MalformedCborException {
        List<Item> parts = Cbor.decode(seal, MAX_SEAL_BYTES).asArray(4);
        return Digest.of(parts.get(3).asBytes(Digest.SIZE));
    }
}
