package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.Signer;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.ChainId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The receipt of a header for tools that know COSE and not us (RFC 9942): a tagged COSE_Sign1 by one replica, {@code
 * 18([<< {1: -9, 4: kid, 395: 1, "latchkey/1/history": [chain id, tree size]} >>, {396: {-1: [<< [tree size, index, path]
 * >>]}}, null, signature])}. The payload is detached: the root of the history tree, which the verifier computes from header
 * and path. RFC 9942 signs only the root, so chain id and tree size stand in the protected header; the path is empty only
 * in a tree of one header. Stateless.
 */
public final class CoseReceipt {
    /** Longest receipt in bytes: 63 hashes. */
    public static final int MAX_BYTES = 3 * 1024;

    private static final Bytes TAG = Bytes.of((byte) 0xd2);
    private static final Item ALG = Cbor.uint(1);
    private static final Item KID = Cbor.uint(4);
    private static final Item VDS = Cbor.uint(395);
    private static final Item RFC9162_SHA256 = Cbor.uint(1);
    private static final Item VDP = Cbor.uint(396);
    private static final Item INCLUSION = Cbor.integer(-1);
    private static final Item HISTORY = Cbor.text("latchkey/1/history");
    private static final int SIGNATURE_BYTES = 64;

    /** What a receipt says, before its signature is checked. */
    private record Claim(KeyId kid, ChainId chain, long size, long index, List<Digest> path, Bytes signature) {
        Bytes protectedHeader() {
            return CoseReceipt.protectedHeader(kid, chain, size);
        }
    }

    private CoseReceipt() {}

    /**
     * Makes the receipt of a header. A replica signs only roots of checkpoints that it has signed.
     *
     * @param history the chain's history, at least up to the checkpoint
     * @param height the header's height, at most the checkpoint's
     */
    public static Bytes make(HistoryTree history, long height, Checkpoint checkpoint, Signer replica) {
        long size = checkpoint.height() + 1;
        Bytes header = protectedHeader(replica.publicKey().kid(), checkpoint.chain(), size);
        CoseSign1 signed = CoseSign1.sign(header, checkpoint.historyRoot().bytes(), Bytes.EMPTY, replica);
        Bytes proof = Cbor.encode(
                Cbor.array(Cbor.uint(size), Cbor.uint(height), Paths.item(history.inclusion(height, size))));
        Item proofs = Cbor.map(VDP, Cbor.map(INCLUSION, Cbor.array(Cbor.bytes(proof))));
        Item message = Cbor.array(Cbor.bytes(header), proofs, Cbor.NULL, Cbor.bytes(signed.signature()));
        return Bytes.concat(TAG, Cbor.encode(message));
    }

    /**
     * Checks that k replicas of the policy gave a receipt for the header, each under a history of whatever size. Receipts by
     * keys that are none of its replicas, or are struck, count for nothing.
     *
     * @param receipts receipts by different replicas, at least the policy's k
     */
    public static VerifiedHeader verify(
            Collection<Bytes> receipts, Bytes header, VerifiedPolicy policy, EcVerifier verifier)
            throws ProofException {
        Set<KeyId> signers = new HashSet<>();
        Set<Long> heights = new HashSet<>();
        for (Bytes receipt : receipts) {
            Claim claim = claim(receipt);
            if (!claim.chain().equals(policy.chain())) {
                throw new ProofException(Reason.OTHER_CHAIN);
            }
            Optional<CoseKey> key = policy.standingReplicas().stream()
                    .filter(replica -> replica.kid().equals(claim.kid()))
                    .findFirst();
            if (key.isPresent()) {
                heights.add(check(claim, header, key.get(), verifier));
                signers.add(claim.kid());
            }
        }
        if (signers.size() < policy.policy().replicas().k()) {
            throw new ProofException(Reason.TOO_FEW_SIGNATURES);
        }
        if (heights.size() != 1) {
            throw new ProofException(Reason.WRONG_SUBJECT);
        }
        return verified(heights.iterator().next(), header);
    }

    private static long check(Claim claim, Bytes header, CoseKey key, EcVerifier verifier) throws ProofException {
        Digest root = Rfc9162.rootFor(claim.index(), claim.size(), Rfc9162.leafHash(header), claim.path())
                .orElseThrow(() -> new ProofException(Reason.WRONG_ROOT));
        CoseSign1 signed = new CoseSign1(claim.protectedHeader(), root.bytes(), claim.signature());
        if (!signed.verifiedBy(key, Bytes.EMPTY, verifier)) {
            throw new ProofException(Reason.BAD_SIGNATURE);
        }
        return claim.index();
    }

    private static VerifiedHeader verified(long height, Bytes header) throws ProofException {
        try {
            return new VerifiedHeader(height, Digest.sha256(header), Header.decode(header));
        } catch (MalformedBlockException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    private static Claim claim(Bytes receipt) throws ProofException {
        if (receipt.size() > MAX_BYTES || !receipt.startsWith(TAG)) {
            throw new ProofException(Reason.MALFORMED);
        }
        try {
            List<Item> parts =
                    Cbor.decode(receipt.slice(1, receipt.size()), MAX_BYTES).asArray(4);
            Item named = Cbor.decode(parts.get(0).asBytes(), MAX_BYTES);
            List<Item> history = required(named, HISTORY).asArray(2);
            List<Item> proofs = required(required(parts.get(1), VDP), INCLUSION).asArray(1);
            List<Item> proof = Cbor.decode(proofs.get(0).asBytes(), MAX_BYTES).asArray(3);
            Claim claim = new Claim(
                    new KeyId(required(named, KID).asBytes(KeyId.SIZE)),
                    new ChainId(Digest.of(history.get(0).asBytes(Digest.SIZE))),
                    history.get(1).asUint(),
                    proof.get(1).asUint(),
                    Paths.fromItem(proof.get(2)),
                    parts.get(3).asBytes(SIGNATURE_BYTES));
            boolean sound = parts.get(2).isNull()
                    && claim.protectedHeader().equals(parts.get(0).asBytes())
                    && only(parts.get(1))
                    && only(required(parts.get(1), VDP))
                    && proof.get(0).asUint() == claim.size();
            if (!sound) {
                throw new ProofException(Reason.MALFORMED);
            }
            return claim;
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    private static Bytes protectedHeader(KeyId kid, ChainId chain, long size) {
        return Cbor.encode(Cbor.map(
                ALG,
                Cbor.integer(Headers.ESP256),
                KID,
                Cbor.bytes(kid.value()),
                VDS,
                RFC9162_SHA256,
                HISTORY,
                Cbor.array(Cbor.bytes(chain.bytes()), Cbor.uint(size))));
    }

    private static Item required(Item map, Item label) throws MalformedCborException, ProofException {
        Item value = map.asMap().get(label);
        if (value == null) {
            throw new ProofException(Reason.MALFORMED);
        }
        return value;
    }

    private static boolean only(Item map) throws MalformedCborException {
        return map.asMap().size() == 1;
    }
}
