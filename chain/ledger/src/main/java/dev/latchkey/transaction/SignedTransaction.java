package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.MalformedCoseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A transaction and its signatures, as decoded: a COSE_Sign over the body, signatures sorted by kid and none twice; a
 * place in a batch may stand in the unprotected bucket.
 * Nothing is verified yet.
 */
public final class SignedTransaction {
    /** Longest transaction in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Most signatures: all operators, and sig and dtls of every first member. */
    public static final int MAX_SIGNATURES = Policy.MAX_KEYS + 2 * Genesis.MAX_MEMBERS;

    private static final Bytes ID_DOMAIN = Bytes.utf8("latchkey/1/txid");

    /** Longer ones are rare, and not kept. */
    private static final int MAX_SEEN_BYTES = 1_024;

    private static final int MAX_SEEN = 1 << 12;

    /** Transactions that were decoded lately, each where the hash of its bytes leads. Null if not kept. */
    private static volatile AtomicReferenceArray<SignedTransaction> seen;

    private final Bytes encoded;
    private final CoseSign message;
    private final Transaction transaction;
    private final Optional<BatchTicket> batch;
    private final List<KeyId> kids;

    private SignedTransaction(Bytes encoded, CoseSign message) throws MalformedTransactionException {
        this.encoded = encoded;
        this.message = message;
        this.transaction = Transaction.decode(message.payload());
        this.batch = BatchTicket.fromUnprotected(message.unprotected());
        List<KeyId> found = new ArrayList<>();
        for (CoseSign.Signature signature : message.signatures()) {
            KeyId kid;
            try {
                kid = Headers.kid(signature.protectedHeader());
            } catch (MalformedCoseException e) {
                throw new MalformedTransactionException("a signature has no kid", e);
            }
            if (!found.isEmpty() && found.get(found.size() - 1).compareTo(kid) >= 0) {
                throw new MalformedTransactionException("signatures are not sorted by kid");
            }
            found.add(kid);
        }
        this.kids = List.copyOf(found);
    }

    /**
     * From now on transactions, and their keys, that were decoded lately are kept in this process, some 20 MB of them. For
     * a node that decodes each three times: when it is posted, when its entry is applied, and when the node verifies the
     * block for itself.
     */
    public static void keepDecoded() {
        CoseKey.keepDecoded();
        if (seen == null) {
            seen = new AtomicReferenceArray<>(MAX_SEEN);
        }
    }

    /** The transaction that these bytes are. */
    public static SignedTransaction decode(Bytes encoded) throws MalformedTransactionException {
        AtomicReferenceArray<SignedTransaction> kept = seen;
        if (kept == null || encoded.size() > MAX_SEEN_BYTES) {
            return decodeAnew(encoded);
        }
        int slot = encoded.hashCode() & MAX_SEEN - 1;
        SignedTransaction decoded = kept.get(slot);
        if (decoded == null || !decoded.encoded.equals(encoded)) {
            decoded = decodeAnew(encoded);
            kept.set(slot, decoded);
        }
        return decoded;
    }

    private static SignedTransaction decodeAnew(Bytes encoded) throws MalformedTransactionException {
        try {
            return new SignedTransaction(encoded, CoseSign.decodeWithUnprotected(encoded, MAX_BYTES, MAX_SIGNATURES));
        } catch (MalformedCoseException e) {
            throw new MalformedTransactionException("not a signed transaction", e);
        }
    }

    public Bytes encode() {
        return encoded;
    }

    /** What it asks for. */
    public Transaction transaction() {
        return transaction;
    }

    /** The kids of the signatures, ascending. */
    public List<KeyId> kids() {
        return kids;
    }

    /** The place in a batch that the transaction shows, if it shows one. */
    public Optional<BatchTicket> batch() {
        return batch;
    }

    /** The encoded body that all signatures are over. */
    public Bytes body() {
        return message.payload();
    }

    /** The signature by that kid, in wire order the same index as in {@link #kids}. */
    public CoseSign.Signature signature(int index) {
        return message.signatures().get(index);
    }

    /**
     * The transaction's id, SHA-256("latchkey/1/txid" ‖ chain id ‖ body): the same for every set of signatures, so that
     * nobody can vary it.
     */
    public Digest id(ChainId chain) {
        return idOf(chain, body());
    }

    /** The id of a transaction with this body. */
    public static Digest idOf(ChainId chain, Bytes body) {
        return Digest.sha256(ID_DOMAIN, chain.bytes(), body);
    }
}
