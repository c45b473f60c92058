package dev.latchkey.cloud.explore;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.export.NodeClient;
import dev.latchkey.cloud.export.NodeRefusalException;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyFinding;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedAbsence;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedHeader;
import dev.latchkey.proof.VerifiedHistory;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;

/**
 * One chain at a running node, as far as the node proves it from the chain's id on; each call blocks. All of it is shown
 * under one head, the checkpoint that was the newest when this was opened. For one thread.
 */
final class ProvedChain {
    private static final int MAX_SUMMARY_BYTES = 4_096;

    private final NodeClient node;
    private final EcVerifier verifier;
    private final HttpClient replica;
    private final List<Bytes> steps;
    private final VerifiedPolicy policy;
    private final VerifiedCheckpoint head;

    private ProvedChain(
            NodeClient node,
            EcVerifier verifier,
            HttpClient replica,
            List<Bytes> steps,
            VerifiedPolicy policy,
            VerifiedCheckpoint head) {
        this.node = node;
        this.verifier = verifier;
        this.replica = replica;
        this.steps = List.copyOf(steps);
        this.policy = policy;
        this.head = head;
    }

    /** Walks from the id to the policy of today, and on to a signed head that continues the chain's genesis. */
    static ProvedChain open(NodeClient node, ChainId chain, EcVerifier verifier)
            throws IOException, FalseProofException {
        ProvedChain opened = walked(node, chain, verifier);
        opened.proveContinues(genesis(chain, opened.steps.get(0), verifier), "that the head continues genesis");
        return opened;
    }

    private static ProvedChain walked(NodeClient node, ChainId chain, EcVerifier verifier)
            throws IOException, FalseProofException {
        List<Bytes> steps = Asking.proved("the policy", () -> node.policyTransactions(chain));
        VerifiedPolicy policy = Asking.proved("the policy", () -> PolicyChain.verify(chain, steps, verifier));
        HttpClient replica = node.pinned(policy);
        return Asking.proved("the checkpoint", () -> {
            Bytes encoded = NodeClient.whole(
                    node.get(replica, "/v1/chains/" + chain.toHex() + "/checkpoint"), SignedCheckpoint.MAX_BYTES);
            long number = SignedCheckpoint.decode(encoded).checkpoint().policyNumber();
            if (number > policy.policy().number()) { // it changed between the two questions
                List<Bytes> more = node.policyTransactions(chain);
                VerifiedPolicy newer = PolicyChain.verify(chain, more, verifier);
                VerifiedCheckpoint head = CheckpointVerifier.verify(encoded, newer, verifier);
                return new ProvedChain(node, verifier, node.pinned(newer), more, newer, head);
            }
            VerifiedCheckpoint head = CheckpointVerifier.verify(encoded, policy, verifier);
            return new ProvedChain(node, verifier, replica, steps, policy, head);
        });
    }

    /** The checkpoint after block 0, which the chain id leads to. */
    private static Checkpoint genesis(ChainId chain, Bytes transaction, EcVerifier verifier)
            throws FalseProofException {
        try {
            Bytes block = Ledger.genesis(transaction).block().orElseThrow().encoded();
            return new BlockVerifier(verifier, Runnable::run)
                    .verifyGenesis(chain, block)
                    .after()
                    .checkpoint();
        } catch (MalformedTransactionException | BlockFaultException e) {
            throw new FalseProofException("genesis", e);
        }
    }

    /**
     * Has it proved that the head continues an older checkpoint of the chain.
     *
     * @param what what that shows, as people name it
     */
    void proveContinues(Checkpoint older, String what) throws IOException, FalseProofException {
        if (older.height() > height()) {
            throw new FalseProofException(
                    what + ": the node shows height " + height() + ", and " + older.height() + " was there before");
        }
        Asking.proved(
                what,
                () -> ConsistencyProof.verify(
                        older,
                        head,
                        answer("consistency?a=" + older.height() + "&b=" + height(), ConsistencyProof.MAX_BYTES)));
    }

    ChainId id() {
        return policy.chain();
    }

    VerifiedPolicy policy() {
        return policy;
    }

    VerifiedCheckpoint head() {
        return head;
    }

    /** The head's height. */
    long height() {
        return head.checkpoint().height();
    }

    /** How many genesis, policy and evidence transactions were walked. */
    int steps() {
        return steps.size();
    }

    private Bytes answer(String resource, int max) throws IOException, InterruptedException {
        return NodeClient.whole(node.get(replica, path(resource)), max);
    }

    private String path(String resource) {
        return "/v1/chains/" + id().toHex() + (resource.isEmpty() ? "" : "/" + resource);
    }

    /** How many names have a record: the node's word, which no proof covers. */
    long membersAsSaid() throws IOException, FalseProofException {
        return Asking.proved("the summary", () -> {
            Item summary = Cbor.decode(answer("", MAX_SUMMARY_BYTES), MAX_SUMMARY_BYTES);
            return summary.asArray(7).get(6).asUint();
        });
    }

    /** Takes blocks as they come; what it learns holds when {@link #blocks} returns. */
    @FunctionalInterface
    interface BlockListener {
        void take(ProvedBlock block) throws IOException, FalseProofException;
    }

    /**
     * The blocks of a range, whose last one is in the history of the head, and by its hash those before it.
     *
     * @param to at most the head's height
     */
    void blocks(long from, long to, BlockListener listener) throws IOException, FalseProofException {
        Digest last =
                to == height() ? head.checkpoint().blockHash() : header(to).blockHash();
        Digest found = Asking.proved("blocks", () -> {
            try (BlockRange range =
                    new BlockRange(node.get(replica, path("blocks?from=" + from + "&to=" + to)), from, to)) {
                for (Optional<ProvedBlock> block = range.next(); block.isPresent(); block = range.next()) {
                    listener.take(block.get());
                }
                return range.newest();
            }
        });
        if (!found.equals(last)) {
            throw new FalseProofException("blocks: block " + to + " is not that of the chain's history");
        }
    }

    /** The header of a height up to the head's. */
    VerifiedHeader header(long height) throws IOException, FalseProofException {
        return Asking.proved(
                "the header of height " + height,
                () -> HeaderProof.verify(
                        head, height, answer("headers/" + height + "?h=" + height(), HeaderProof.MAX_BYTES)));
    }

    /** The records of a name, or nothing when it is proved that it never had one. */
    Optional<VerifiedHistory> history(String name) throws IOException, FalseProofException {
        String what = "the history of " + name;
        try {
            return Asking.proved(
                    what,
                    () -> Optional.of(KeyHistory.verify(
                            head, name, answer("keys/" + name + "/history?h=" + height(), KeyHistory.MAX_BYTES))));
        } catch (NodeRefusalException e) {
            if (!e.code().equals("unknown-name")) {
                throw e;
            }
        }
        KeyFinding found = Asking.proved(
                "that there is no " + name,
                () -> KeyProof.find(head, name, answer("keys/" + name + "?h=" + height(), KeyProof.MAX_BYTES)));
        if (found instanceof VerifiedAbsence) {
            return Optional.empty();
        }
        throw new FalseProofException(what + ": the node denies it, and proves a record");
    }

    /** What the directory holds of some names, at most {@link KeysProof#MAX_NAMES}. */
    List<KeyFinding> keys(List<String> names) throws IOException, FalseProofException {
        return Asking.proved(
                "records",
                () -> KeysProof.verify(
                        head,
                        names,
                        answer("keys?names=" + String.join(",", names) + "&h=" + height(), KeysProof.MAX_BYTES)));
    }

    /** A receipt as the node gives it, for a transaction's id. */
    Bytes receipt(Digest transaction) throws IOException, FalseProofException {
        return Asking.proved("the receipt", () -> answer("receipts/" + transaction.toHex(), Receipt.MAX_BYTES));
    }

    /** What a receipt proves of a transaction, given all its bytes. */
    VerifiedReceipt included(Bytes receipt, Bytes transaction) throws IOException, FalseProofException {
        return Asking.proved("that the transaction is in the chain", () -> {
            long number = SignedCheckpoint.decode(Cbor.decode(receipt, Receipt.MAX_BYTES)
                            .asArray(7)
                            .get(6)
                            .asBytes())
                    .checkpoint()
                    .policyNumber();
            boolean known = number == policy.policy().number();
            return Receipt.verify(receipt, transaction, known ? policy : node.policy(id()), verifier);
        });
    }
}
