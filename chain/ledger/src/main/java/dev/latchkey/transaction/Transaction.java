package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.List;

/** What a transaction asks for: its body {@code [kind, name / null, sequence, ...]}, apart from who signed it. */
public sealed interface Transaction
        permits Genesis, Join, Rotate, Leave, Standing, Recover, RecoverByOperators, Veto, PolicyChange {
    /** Kind of the seal, which is transaction 0 of every block and never submitted. */
    int SEAL = 0;

    /** Kind of {@link Genesis}. */
    int GENESIS = 1;

    /** Kind of {@link Join}. */
    int JOIN = 2;

    /** Kind of {@link Rotate}. Kinds 4 to 7 are the four relocations, see chain/WIRE.md. */
    int ROTATE = 3;

    /** Kind of {@link Leave}. */
    int LEAVE = 8;

    /** First kind of {@link Standing}. */
    int SUSPEND = 9;

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

    /** The encoded body: what is signed, and what the transaction's id is taken over. */
    Bytes body();

    /** Reads a body of any kind. */
    static Transaction decode(Bytes body) throws MalformedTransactionException {
        try {
            List<Item> parts = Cbor.decode(body, SignedTransaction.MAX_BYTES).asArray(3, 16);
            long kind = parts.get(0).asUint();
            if (kind == GENESIS) {
                return Genesis.fromItems(parts);
            }
            if (kind == JOIN) {
                return Join.fromItems(parts);
            }
            if (kind == ROTATE) {
                return Rotate.fromItems(parts);
            }
            if (kind == LEAVE) {
                return Leave.fromItems(parts);
            }
            if (kind >= SUSPEND && kind <= REVOKE) {
                return Standing.fromItems(parts);
            }
            if (kind == RECOVER) {
                return Recover.fromItems(parts);
            }
            if (kind == RECOVER_BY_OPERATORS) {
                return RecoverByOperators.fromItems(parts);
            }
            if (kind == VETO) {
                return Veto.fromItems(parts);
            }
            if (kind == POLICY) {
                return PolicyChange.fromItems(parts);
            }
            throw new MalformedTransactionException("unknown transaction kind");
        } catch (MalformedCborException e) {
            throw new MalformedTransactionException("not a transaction body", e);
        }
    }
}
