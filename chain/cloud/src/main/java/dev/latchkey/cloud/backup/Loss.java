package dev.latchkey.cloud.backup;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Mining;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.Step;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.PolicyChange;
import java.util.List;
import java.util.Optional;

/**
 * What operators give up when they let a chain go on behind a backup: a policy that names the last block that is left, and the
 * block that it makes right behind it. Stateless, pure.
 */
final class Loss {
    private static final int TRIES = 1 << 20;

    private Loss() {}

    /** What k operators of a chain sign to give up all behind a state: the policy as it is, under the next number. */
    static PartTransaction proposal(ChainState last) {
        PolicyChange.Cut cut = new PolicyChange.Cut(last.height(), last.blockHash());
        return PartTransaction.unsigned(
                last.network(),
                last.chainName(),
                last.chainId(),
                new PolicyChange(last.policy().renewed(), Optional.of(cut)));
    }

    /**
     * The block behind a state in which a loss is accepted. It is a function of the two, so that each node of a cluster that
     * is restored makes the same; its time is that of the block before, since there is no leader whose clock counts.
     *
     * @throws DamagedArchiveException if the transaction names no cut, or another one, or its operators are not those
     */
    static Bytes block(ChainState last, PartTransaction accepted) throws DamagedArchiveException {
        String where = "the accepted loss of chain " + last.chainId().toHex();
        if (!(accepted.transaction() instanceof PolicyChange change)
                || change.cut().isEmpty()) {
            throw new DamagedArchiveException(where + ": no policy that names the last block that is left");
        }
        PolicyChange.Cut cut = change.cut().get();
        if (cut.height() != last.height() || !cut.blockHash().equals(last.blockHash())) {
            throw new DamagedArchiveException(where + ": the operators gave up what comes after height " + cut.height()
                    + ", block " + cut.blockHash().toHex() + ", and there is height " + last.height() + ", block "
                    + last.blockHash().toHex());
        }
        if (accepted.signatures().isEmpty()) {
            throw new DamagedArchiveException(where + ": nobody has signed it");
        }
        Step step = Ledger.apply(last, worked(last, accepted.finish().encode()));
        if (step.outcomes().get(0) instanceof Outcome.Refused refused) {
            throw new DamagedArchiveException(where + ": " + refused.reason().code() + "; exactly "
                    + last.policy().operators().k() + " of its operators sign it");
        }
        return step.block().orElseThrow().encoded();
    }

    /** An entry with as much work in it as the chain asks for. */
    private static Entry worked(ChainState last, Bytes transaction) {
        Bytes noNonce = Bytes.wrap(new byte[Header.NONCE_BYTES]);
        Entry entry =
                new Entry(last.chainId(), last.header().timeMillis(), noNonce, Optional.empty(), List.of(transaction));
        Mining mining = Mining.of(last, entry);
        Optional<Entry> found = Optional.empty();
        for (long nonce = 0; found.isEmpty(); nonce += TRIES) {
            found = mining.search(nonce, TRIES);
        }
        return found.get();
    }
}
