package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers the signatures of one transaction, each with the fixed text of its purpose. Not for concurrent use. */
public final class TransactionSigning {
    private final Bytes body;
    private final ChainId chain;
    private final SortedMap<KeyId, CoseSign.Signature> signatures = new TreeMap<>();
    private Item unprotected = Cbor.map();

    private TransactionSigning(Bytes body, ChainId chain) {
        this.body = body;
        this.chain = chain;
    }

    /** Begins to sign a transaction for a chain. */
    public static TransactionSigning of(Transaction transaction, ChainId chain) {
        return new TransactionSigning(transaction.body(), chain);
    }

    /** Signs genesis with its operators and the proofs of its first members. */
    public static SignedTransaction genesis(Genesis genesis, List<? extends Signer> operators, List<Identity> members) {
        TransactionSigning signing = of(genesis, ChainId.UNBORN);
        operators.forEach(signing::by);
        for (Identity member : members) {
            signing.by(member.sig()).possessedBy(member.dtls());
        }
        return signing.finish();
    }

    /** Signs a join by voucher: the new keys and the key that travelled with the voucher. */
    public static SignedTransaction joinByVoucher(Join join, ChainId chain, Identity identity, KeyPair voucherKey) {
        return of(join, chain)
                .by(identity.sig())
                .possessedBy(identity.dtls())
                .by(voucherKey)
                .finish();
    }

    /** Signs a join that admins or operators endorse directly. */
    public static SignedTransaction joinEndorsed(
            Join join, ChainId chain, Identity identity, List<? extends Signer> endorsers) {
        TransactionSigning signing = of(join, chain).by(identity.sig()).possessedBy(identity.dtls());
        endorsers.forEach(signing::by);
        return signing.finish();
    }

    /** Signs a leave. */
    public static SignedTransaction leave(Leave leave, ChainId chain, Signer sig) {
        return of(leave, chain).by(sig).finish();
    }

    /** Signs a join that an admin endorsed in a batch. */
    public static SignedTransaction joinOfBatch(Join join, ChainId chain, Identity identity, BatchTicket ticket) {
        return of(join, chain)
                .with(ticket)
                .by(identity.sig())
                .possessedBy(identity.dtls())
                .finish();
    }

    /** Shows a place in a batch. */
    public TransactionSigning with(BatchTicket ticket) {
        unprotected = ticket.unprotected();
        return this;
    }

    /** Adds a signature over the transaction itself. */
    public TransactionSigning by(Signer signer) {
        return add(signer, Domain.transaction(chain));
    }

    /** Adds a dtls key's proof of possession. */
    public TransactionSigning possessedBy(Signer dtls) {
        return add(dtls, Domain.possession(chain));
    }

    /** The signed transaction. */
    public SignedTransaction finish() {
        List<CoseSign.Signature> sorted = new ArrayList<>(signatures.values());
        try {
            return SignedTransaction.decode(new CoseSign(unprotected, body, sorted).encode());
        } catch (MalformedTransactionException e) {
            throw new IllegalArgumentException("the transaction breaks a format rule", e);
        }
    }

    private TransactionSigning add(Signer signer, Bytes externalAad) {
        KeyId kid = signer.publicKey().kid();
        signatures.put(kid, CoseSign.sign(Headers.signedBy(kid), body, externalAad, signer));
        return this;
    }
}
