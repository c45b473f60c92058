package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.SignedTransaction;
import java.util.List;
import java.util.Optional;

/**
 * What /k/{name} answers for a provisional member in place of its record: {@code ["provisional", bstr .cbor transaction, bstr
 * .cbor provisional-receipt]}, the transaction being the join that the receipt is for. A record's array begins with a name
 * and has nine elements, so none is taken for the other.
 *
 * @param join the signed join, as the device sent it
 * @param receipt the gateway's word about it; of this very join and name
 */
public record ProvisionalAnswer(SignedTransaction join, ProvisionalReceipt receipt) {
    /** Longest encoded answer in bytes; a join by voucher has some 650. */
    public static final int MAX_BYTES = 2_048;

    private static final String WORD = "provisional";
    private static final byte ARRAY_OF_THREE = (byte) 0x83;

    public ProvisionalAnswer {
        if (!(join.transaction() instanceof Join asked)
                || !asked.name().equals(receipt.name())
                || !join.id(receipt.chain()).equals(receipt.transactionId())) {
            throw new IllegalArgumentException("the receipt is not for this join");
        }
    }

    /** Whether a body is no record but may be such an answer. */
    public static boolean looksLikeOne(Bytes body) {
        return !body.isEmpty() && body.get(0) == ARRAY_OF_THREE;
    }

    public Bytes encode() {
        return Cbor.encode(Cbor.array(Cbor.text(WORD), Cbor.bytes(join.encode()), Cbor.bytes(receipt.encode())));
    }

    /** Reads an answer; checks that receipt and join belong together, and no signature. */
    public static ProvisionalAnswer decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(3);
            if (!parts.get(0).asText(WORD.length()).equals(WORD)) {
                throw new MalformedMessageException("not a provisional answer");
            }
            return new ProvisionalAnswer(
                    SignedTransaction.decode(parts.get(1).asBytes()),
                    ProvisionalReceipt.decode(parts.get(2).asBytes()));
        } catch (MalformedCborException | MalformedTransactionException | IllegalArgumentException e) {
            throw new MalformedMessageException("not a provisional answer", e);
        }
    }

    /**
     * The record that the join would have, were it in the chain: id, sequence and keys are the ones that it gets there. No
     * block wrote it, so its height is 0, before every session.
     */
    public MemberRecord record() {
        Join asked = (Join) join.transaction();
        return new MemberRecord(
                asked.name(),
                MemberRecord.firstId(receipt.transactionId(), asked.name()),
                asked.sequence(),
                new MemberState.Active(),
                asked.role(),
                asked.keys(),
                0,
                Optional.empty(),
                asked.nextKey());
    }
}
