package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.export.NodeClient;
import dev.latchkey.cloud.export.NodeRefusalException;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.KeyFinding;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.proof.VerifiedReceipt;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One sub-network at a running cloud node; each call blocks. Believes nothing: the server is a replica that the policy
 * names, walked from the chain id, and records and receipts are proved under a checkpoint of the replicas.
 */
final class CloudLink {
    /** What the node answers may be longer than what is asked for today. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private static final String NO_CHECKPOINT = "no-checkpoint";

    /** How long a receipt is waited for that no checkpoint proves yet, as when the policy names a replica that is new. */
    private static final Duration UNSIGNED = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final NodeClient node;
    private final ChainId chain;
    private final EcVerifier verifier;
    private final VerifiedPolicy policy;
    private final HttpClient replica;

    /** Walks the policy; what is asked and sent later goes to the replicas that it names. */
    CloudLink(List<HostPort> addresses, KeyPair tls, ChainId chain, EcVerifier verifier) throws IOException {
        this.node = new NodeClient(
                addresses.stream()
                        .map(address -> URI.create("https://" + address))
                        .toList(),
                tls,
                verifier);
        this.chain = chain;
        this.verifier = verifier;
        this.policy = asked(() -> node.policy(chain));
        this.replica = node.pinned(policy);
    }

    private interface Question<T> {
        T answer()
                throws IOException, InterruptedException, MalformedSourceException, ProofException,
                        MalformedCheckpointException;
    }

    private static <T> T asked(Question<T> question) throws IOException {
        try {
            return question.answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (MalformedSourceException e) {
            throw new IOException(e.getMessage(), e);
        } catch (ProofException | MalformedCheckpointException e) {
            throw new IOException("the node's answer is not proved: " + e.getMessage(), e);
        }
    }

    /** The policy that was in force when this was made. */
    VerifiedPolicy policy() {
        return policy;
    }

    /** The newest checkpoint, under the policy in force now. */
    VerifiedCheckpoint checkpoint() throws IOException {
        return asked(() -> {
            Bytes encoded = NodeClient.whole(node.get(replica, path("checkpoint")), SignedCheckpoint.MAX_BYTES);
            long number = SignedCheckpoint.decode(encoded).checkpoint().policyNumber();
            boolean newer = number != policy.policy().number();
            return CheckpointVerifier.verify(encoded, newer ? node.policy(chain) : policy, verifier);
        });
    }

    /** The number of members, as the node says. */
    long members() throws IOException {
        Bytes answer =
                asked(() -> NodeClient.whole(node.get(replica, "/v1/chains/" + chain.toHex()), MAX_ANSWER_BYTES));
        try {
            return Cbor.decode(answer, MAX_ANSWER_BYTES).asArray(7).get(6).asUint();
        } catch (MalformedCborException e) {
            throw new IOException("the node's answer is not what it should be", e);
        }
    }

    /** The record of a name, proved; nothing, if nobody of that name was ever a member. Asked as an active member. */
    Optional<MemberRecord> record(String name) throws IOException {
        VerifiedCheckpoint under = checkpoint();
        return asked(() -> {
            KeyFinding found = KeyProof.find(under, name, keyAnswer(under, name));
            return found instanceof VerifiedKey key ? Optional.of(key.record()) : Optional.empty();
        });
    }

    private Bytes keyAnswer(VerifiedCheckpoint under, String name) throws IOException, InterruptedException {
        String path = path("keys/" + name + "?h=" + under.checkpoint().height());
        return NodeClient.whole(node.get(replica, path), KeyProof.MAX_BYTES);
    }

    /** What another chain is shown of a name here: the directory's answer and the checkpoint that it is proved under. */
    Carried carried(String name) throws IOException {
        VerifiedCheckpoint under = checkpoint();
        return asked(() -> new Carried(keyAnswer(under, name), under.encode()));
    }

    /**
     * Sends a transaction and waits for its receipt. It is in the log also where there is no checkpoint for it yet, so it is
     * sent again until there is.
     *
     * @throws RefusedException if the chain refuses it
     */
    VerifiedReceipt post(SignedTransaction transaction) throws IOException {
        return asked(() -> {
            TransactionAnswer answer = answer(posted(transaction.encode()));
            if (answer instanceof TransactionAnswer.Rejected rejected) {
                throw new RefusedException(rejected.code(), rejected.detail());
            }
            Bytes receipt = ((TransactionAnswer.Accepted) answer).receipt();
            // A policy transaction is receipted under the policy that it brought.
            return Receipt.verify(receipt, transaction.encode(), node.policy(chain), verifier);
        });
    }

    private Bytes posted(Bytes transaction) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + UNSIGNED.toNanos();
        while (true) {
            try {
                return NodeClient.whole(node.post(replica, path("transactions"), transaction), MAX_ANSWER_BYTES);
            } catch (NodeRefusalException e) {
                if (!e.code().equals(NO_CHECKPOINT)) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            e.getMessage() + "; what was sent is in the log all the same, and counts once it is signed",
                            e);
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    private static TransactionAnswer answer(Bytes body) throws IOException {
        try {
            List<Item> answers = Cbor.decode(body, MAX_ANSWER_BYTES).asArray(1);
            return TransactionAnswer.fromItem(answers.get(0));
        } catch (MalformedCborException | MalformedMessageException e) {
            throw new IOException("the node's answer is not what it should be", e);
        }
    }

    /** Sends the genesis of a further chain to the node of this one; it is there when this returns. */
    void found(SignedTransaction genesis) throws IOException {
        asked(() -> NodeClient.whole(node.post(replica, "/v1/chains", genesis.encode()), MAX_ANSWER_BYTES));
    }

    private String path(String resource) {
        return "/v1/chains/" + chain.toHex() + "/" + resource;
    }
}
