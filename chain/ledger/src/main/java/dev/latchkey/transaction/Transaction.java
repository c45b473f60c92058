package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/** What a transaction asks for: its body {@code [kind, name / null, sequence, ...]}, apart from who signed it. */
public sealed interface Transaction
        permits Genesis,
                Join,
                Rotate,
                RelocateOut,
                RelocateIn,
                RelocateDone,
                RelocateCancel,
                Leave,
                Standing,
                Recover,
                RecoverByOperators,
                Veto,
                PolicyChange,
                Evidence,
                ForeignRevoke {
    /** Kind of the seal, which is transaction 0 of every block and never submitted. */
    int SEAL = 0;

    /** Kind of {@link Genesis}. */
    int GENESIS = 1;

    /** Kind of {@link Join}. */
    int JOIN = 2;

    /** Kind of {@link Rotate}. */
    int ROTATE = 3;

    /** Kind of {@link RelocateOut}. */
    int RELOCATE_OUT = 4;

    /** Kind of {@link RelocateIn}. */
    int RELOCATE_IN = 5;

    /** Kind of {@link RelocateDone}. */
    int RELOCATE_DONE = 6;

    /** Kind of {@link RelocateCancel}. */
    int RELOCATE_CANCEL = 7;

    /** Kind of {@link Leave}. */
    int LEAVE = 8;

    /** First kind of {@link Standing}. */
    int SUSPEND = 9;

    /** Second kind of {@link Standing}. */
    int RESUME = 10;

    /** Last kind of {@link Standing}. */
    int REVOKE = 11;

    /** Kind of {@link Recover}. */
    int RECOVER = 12;

    /** Kind of {@link RecoverByOperators}. */
    int RECOVER_BY_OPERATORS = 13;

    /** Kind of {@link Veto}. */
    int VETO = 14;

    /** Kind of {@link PolicyChange}. */
    int POLICY = 15;

    /** Kind of {@link Evidence}. */
    int EVIDENCE = 16;

    /** Kind of {@link ForeignRevoke}. */
    int FOREIGN_REVOKE = 17;

    /** The encoded body: what is signed, and what the transaction's id is taken over. */
    Bytes body();

    /** Reads a body of any kind. */
    static Transaction decode(Bytes body) throws MalformedTransactionException {
        try {
            List<Item> parts = Cbor.decode(body, SignedTransaction.MAX_BYTES).asArray(3, 16);
            long kind = parts.get(0).asUint();
            return fromItems(kind, parts);
        } catch (MalformedCborException e) {
            throw new MalformedTransactionException("not a transaction body", e);
        }
    }

    private static Transaction fromItems(long kind, List<Item> parts)
            throws MalformedCborException, MalformedTransactionException {
        return switch (kind > FOREIGN_REVOKE ? SEAL : (int) kind) {
            case GENESIS -> Genesis.fromItems(parts);
            case JOIN -> Join.fromItems(parts);
            case ROTATE -> Rotate.fromItems(parts);
            case RELOCATE_OUT -> RelocateOut.fromItems(parts);
            case RELOCATE_IN -> RelocateIn.fromItems(parts);
            case RELOCATE_DONE -> RelocateDone.fromItems(parts);
            case RELOCATE_CANCEL -> RelocateCancel.fromItems(parts);
            case LEAVE -> Leave.fromItems(parts);
            case SUSPEND, RESUME, REVOKE -> Standing.fromItems(parts);
            case RECOVER -> Recover.fromItems(parts);
            case RECOVER_BY_OPERATORS -> RecoverByOperators.fromItems(parts);
            case VETO -> Veto.fromItems(parts);
            case POLICY -> PolicyChange.fromItems(parts);
            case EVIDENCE -> Evidence.fromItems(parts);
            case FOREIGN_REVOKE -> ForeignRevoke.fromItems(parts);
            default -> throw new MalformedTransactionException("unknown transaction kind");
        };
    }
}
