package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.Signer;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An admin's leave for many joins at once: a COSE_Sign1 over {@code ["latchkey/1/batch", chain id, size, root, not-after]},
 * the root being that of RFC 9162 over the join bodies. Decoded; nothing is verified yet. Immutable.
 */
public final class BatchEndorsement {
    /** Most joins in one batch. */
    public static final int MAX_SIZE = 1_000_000;

    private static final String DOMAIN = "latchkey/1/batch";
    private static final int MAX_BYTES = 256;

    private final CoseSign1 message;
    private final KeyId issuer;
    private final ChainId chain;
    private final int size;
    private final Digest root;
    private final long notAfterMillis;

    private BatchEndorsement(CoseSign1 message) throws MalformedTransactionException {
        this.message = message;
        try {
            this.issuer = message.kid();
            List<Item> parts = Cbor.decode(message.payload(), MAX_BYTES).asArray(5);
            if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN)) {
                throw new MalformedTransactionException("not a batch endorsement");
            }
            this.chain = new ChainId(Digest.of(parts.get(1).asBytes(Digest.SIZE)));
            this.size = parts.get(2).asUint(MAX_SIZE);
            this.root = Digest.of(parts.get(3).asBytes(Digest.SIZE));
            this.notAfterMillis = parts.get(4).asUint();
        } catch (MalformedCborException | MalformedCoseException e) {
            throw new MalformedTransactionException("not a batch endorsement", e);
        }
    }

    /**
     * Endorses joins.
     *
     * @param bodies the bodies of the joins, 1 to {@link #MAX_SIZE}, in the order that their places in the batch say
     * @param notAfter latest time of a block that uses it
     * @return the place of each join, in the same order
     */
    public static List<BatchTicket> issue(ChainId chain, List<Bytes> bodies, Instant notAfter, Signer admin) {
        if (bodies.isEmpty() || bodies.size() > MAX_SIZE) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_SIZE + " joins");
        }
        HistoryTree tree = HistoryTree.of(bodies.stream().map(Rfc9162::leafHash).toList());
        Bytes payload = Cbor.encode(Cbor.array(
                Cbor.text(DOMAIN),
                Cbor.bytes(chain.bytes()),
                Cbor.uint(bodies.size()),
                Cbor.bytes(tree.root(bodies.size()).bytes()),
                Cbor.uint(notAfter.toEpochMilli())));
        CoseSign1 message = CoseSign1.sign(Headers.signedBy(admin.publicKey().kid()), payload, Bytes.EMPTY, admin);
        BatchEndorsement endorsement;
        try {
            endorsement = new BatchEndorsement(message);
        } catch (MalformedTransactionException e) {
            throw new IllegalArgumentException("a batch value is out of range", e);
        }
        List<BatchTicket> tickets = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            tickets.add(new BatchTicket(endorsement, i, tree.inclusion(i, bodies.size())));
        }
        return tickets;
    }

    static BatchEndorsement decode(Bytes encoded) throws MalformedTransactionException {
        try {
            return new BatchEndorsement(CoseSign1.decode(encoded, MAX_BYTES));
        } catch (MalformedCoseException e) {
            throw new MalformedTransactionException("not a batch endorsement", e);
        }
    }

    public Bytes encode() {
        return message.encode();
    }

    /** The chain that the joins are for. */
    public ChainId chain() {
        return chain;
    }

    /** Who claims to have signed. */
    public KeyId issuer() {
        return issuer;
    }

    /** Number of joins. */
    public int size() {
        return size;
    }

    /** RFC 9162 root over the join bodies. */
    public Digest root() {
        return root;
    }

    /** Latest time of a block that uses it. */
    public long notAfterMillis() {
        return notAfterMillis;
    }

    /** What the issuer must have signed. */
    public Bytes toBeSigned() {
        return message.toBeSigned(Bytes.EMPTY);
    }

    /** The issuer's signature, r ‖ s. */
    public Bytes signature() {
        return message.signature();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BatchEndorsement && message.equals(((BatchEndorsement) other).message);
    }

    @Override
    public int hashCode() {
        return message.hashCode();
    }

    @Override
    public String toString() {
        return "batch of " + size + " by " + issuer;
    }
}
