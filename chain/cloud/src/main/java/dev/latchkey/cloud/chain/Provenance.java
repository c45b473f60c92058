package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.SignedTransaction;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a member that asks to be taken in is the one it says. Thread-safe. The rules believe whatever replicas the policy
 * lists for a sibling, and a chain's operators list whom they like; but a mailbox hangs on the member's id on the whole
 * node. So the node looks at the chain itself: else operators of one chain could take in an id of another chain's member
 * and read and empty its mailbox.
 */
public final class Provenance {
    private final Function<ChainId, Optional<OrderedChain>> chains;

    /** @param chains the chains that the node orders */
    public Provenance(Function<ChainId, Optional<OrderedChain>> chains) {
        this.chains = chains;
    }

    /** The code of the refusal, if the transaction takes in somebody who is not to be taken in. */
    Optional<String> refusal(Bytes transaction) {
        try {
            return SignedTransaction.decode(transaction).transaction() instanceof RelocateIn in
                    ? refusal(in)
                    : Optional.empty();
        } catch (MalformedTransactionException | MalformedCborException e) {
            return Optional.of("malformed");
        }
    }

    private Optional<String> refusal(RelocateIn in) throws MalformedTransactionException, MalformedCborException {
        Optional<OrderedChain> from = chains.apply(in.from());
        if (from.isEmpty()) {
            return Optional.of("not-ordered-here");
        }
        Optional<Bytes> shown = DirectoryAnswer.decode(in.carried().answer()).value();
        if (shown.isEmpty()) {
            return Optional.of("bad-proof");
        }
        MemberRecord record = MemberRecord.decode(shown.get());
        return from.get().applied().member(record.name()).filter(record::equals).isPresent()
                ? Optional.empty()
                : Optional.of("stale-proof");
    }
}
