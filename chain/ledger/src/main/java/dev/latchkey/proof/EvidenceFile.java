package dev.latchkey.proof;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Contradiction;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file that convicts replicas of having signed two histories, for whoever knows the chain id: a CBOR sequence of {@code
 * ["latchkey-evidence", 1, chain id]}, genesis and the policy and evidence transactions after it as byte strings, {@code
 * null}, and a byte string of {@code [bstr checkpoint, bstr checkpoint, fork / null]}. Stateless.
 */
public final class EvidenceFile {
    /** Longest file in bytes. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final String DOMAIN = "latchkey-evidence";
    private static final int VERSION = 1;

    /** Two checkpoints that cannot both be true, whoever signed them. */
    private record Shown(Contradiction contradiction, Optional<Evidence.Fork> fork) {}

    private EvidenceFile() {}

    /**
     * Makes a file. Whether it convicts anybody is for {@link #verify} to say.
     *
     * @param policyTransactions genesis, then the policy and evidence transactions in the order of the chain
     * @param fork needed where the heights differ, see {@link HeaderProof#fork}
     */
    public static Bytes make(
            ChainId chain,
            List<Bytes> policyTransactions,
            SignedCheckpoint first,
            SignedCheckpoint second,
            Optional<Evidence.Fork> fork) {
        List<Item> items = new ArrayList<>();
        items.add(Cbor.array(Cbor.text(DOMAIN), Cbor.uint(VERSION), Cbor.bytes(chain.bytes())));
        policyTransactions.forEach(transaction -> items.add(Cbor.bytes(transaction)));
        items.add(Cbor.NULL);
        items.add(Cbor.bytes(Cbor.encode(Cbor.array(
                Cbor.bytes(first.encode()),
                Cbor.bytes(second.encode()),
                fork.map(Evidence.Fork::item).orElse(Cbor.NULL)))));
        return Cbor.encodeSequence(items);
    }

    /** The chain that a file claims to be about; compare it with the one that you know, or {@link #verify} nothing. */
    public static ChainId claimedChain(Bytes file) throws ProofException {
        try {
            return chain(items(file).get(0));
        } catch (MalformedCborException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    /**
     * Checks that the file convicts at least one replica of the newest policy in it.
     *
     * @throws ProofException with {@link Reason#NO_CONTRADICTION} if its two checkpoints agree or nobody signed both
     */
    public static VerifiedEvidence verify(ChainId chain, Bytes file, EcVerifier verifier) throws ProofException {
        try {
            List<Item> items = items(file);
            if (!chain(items.get(0)).equals(chain)) {
                throw new ProofException(Reason.OTHER_CHAIN);
            }
            int end = items.size() - 2;
            List<Bytes> transactions = new ArrayList<>();
            for (Item item : items.subList(1, end)) {
                transactions.add(item.asBytes());
            }
            if (!items.get(end).isNull()) {
                throw new ProofException(Reason.MALFORMED);
            }
            Shown shown = shown(chain, items.get(end + 1).asBytes());
            return convicting(PolicyChain.verify(chain, transactions, verifier), shown, verifier);
        } catch (MalformedCborException | MalformedCheckpointException e) {
            throw new ProofException(Reason.MALFORMED, e);
        }
    }

    /** What costs no signature comes first. */
    private static Shown shown(ChainId chain, Bytes encoded)
            throws MalformedCborException, MalformedCheckpointException, ProofException {
        List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(3);
        SignedCheckpoint first = SignedCheckpoint.decode(parts.get(0).asBytes());
        SignedCheckpoint second = SignedCheckpoint.decode(parts.get(1).asBytes());
        Optional<Evidence.Fork> fork =
                parts.get(2).isNull() ? Optional.empty() : Optional.of(Evidence.Fork.fromItem(parts.get(2)));
        if (!first.checkpoint().chain().equals(chain)) {
            throw new ProofException(Reason.OTHER_CHAIN);
        }
        return Contradiction.between(first, second, fork)
                .map(contradiction -> new Shown(contradiction, fork))
                .orElseThrow(() -> new ProofException(Reason.NO_CONTRADICTION));
    }

    private static VerifiedEvidence convicting(VerifiedPolicy policy, Shown shown, EcVerifier verifier)
            throws ProofException {
        List<CoseKey> liars = policy.replicas().stream()
                .filter(key -> shown.contradiction().convicts(key, verifier))
                .toList();
        if (liars.isEmpty()) {
            throw new ProofException(Reason.NO_CONTRADICTION);
        }
        return new VerifiedEvidence(policy, shown.contradiction(), shown.fork(), liars);
    }

    private static List<Item> items(Bytes file) throws MalformedCborException, ProofException {
        List<Item> items = Cbor.decodeSequence(file, MAX_BYTES);
        if (items.size() < 4) {
            throw new ProofException(Reason.MALFORMED);
        }
        return items;
    }

    private static ChainId chain(Item header) throws MalformedCborException, ProofException {
        List<Item> parts = header.asArray(3);
        if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN) || parts.get(1).asUint() != VERSION) {
            throw new ProofException(Reason.MALFORMED);
        }
        return new ChainId(Digest.of(parts.get(2).asBytes(Digest.SIZE)));
    }
}
