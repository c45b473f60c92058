package dev.latchkey.gateway.sibling;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.uplink.CloudException;
import dev.latchkey.gateway.uplink.CloudFaultException;
import dev.latchkey.gateway.uplink.PolicyWalk;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One chain that is not served here, as far as it was asked for. Each question goes to the cloud unless its answer is
 * still in a small cache; no answer is given that was not led back to the chain's id: policy by policy to the replicas'
 * keys, from those to a checkpoint, from there to a key or header. A newer checkpoint must continue the one before. Safe
 * for use by many threads; each question blocks its own, and one at a time asks for policy and checkpoint.
 */
public final class SiblingChain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiblingChain.class);

    /** How long a checkpoint is as good as a newer one. */
    private static final Duration CHECKPOINT_AGE = Duration.ofSeconds(1);

    /** How long the policy is not asked for again unless a checkpoint says that there is a newer one. */
    private static final Duration POLICY_AGE = Duration.ofSeconds(60);

    /** Checkpoints that devices may hold and ask under. */
    private static final int MAX_CHECKPOINTS = 512;

    /** Proofs that are kept. */
    private static final int MAX_ANSWERS = 512;

    private final String name;
    private final CloudClient cloud;
    private final EcVerifier verifier;
    private final SiblingEvidence evidence;
    private final Map<Long, VerifiedCheckpoint> handedOut = bounded(MAX_CHECKPOINTS);
    private final Map<String, Bytes> answers = bounded(MAX_ANSWERS);
    private Optional<PolicyWalk> walk = Optional.empty();
    private Optional<VerifiedCheckpoint> newest = Optional.empty();
    private long walkedNanos;
    private long newestNanos;

    /**
     * Makes a view of a chain; nothing is asked yet.
     *
     * @param name the name that the policy which names the sibling gives it
     * @param cloud who answers for that chain; closed with this
     * @param evidence keeps proof of what its replicas lied about
     */
    SiblingChain(String name, CloudClient cloud, EcVerifier verifier, SiblingEvidence evidence) {
        this.name = name;
        this.cloud = cloud;
        this.verifier = verifier;
        this.evidence = evidence;
    }

    /** Checks what the cloud says. */
    @FunctionalInterface
    private interface Check<T> {
        T under(VerifiedPolicy policy) throws ProofException;
    }

    /** Genesis, policy and evidence transactions in chain order, without the first so many. */
    public synchronized List<Bytes> policyTransactions(int from) throws IOException, InterruptedException {
        List<Bytes> all =
                walked(System.nanoTime() - walkedNanos > POLICY_AGE.toNanos()).transactions();
        return from >= all.size() ? List.of() : all.subList(from, all.size());
    }

    /** The newest checkpoint, at most a second old. */
    public synchronized VerifiedCheckpoint checkpoint() throws IOException, InterruptedException {
        if (newest.isPresent() && System.nanoTime() - newestNanos < CHECKPOINT_AGE.toNanos()) {
            return newest.get();
        }
        VerifiedCheckpoint next = fetched();
        for (int others = cloud.nodes() - 1; others > 0 && isBehind(next); others--) {
            cloud.elsewhere();
            next = fetched();
        }
        deliver();
        if (!evidence.isTrusted(next.signed(), walked(false).policy())) {
            throw new CloudFaultException("too few replicas signed it that have not signed two histories", null);
        }
        if (newest.isPresent()) {
            continues(newest.get(), next);
        }
        newest = Optional.of(next);
        newestNanos = System.nanoTime();
        handedOut.put(next.checkpoint().height(), next);
        return next;
    }

    private VerifiedCheckpoint fetched() throws IOException, InterruptedException {
        Bytes encoded = ask("checkpoint", CloudClient.MAX_CHECKPOINT_BYTES);
        return checked(policy -> CheckpointVerifier.verify(encoded, policy, verifier));
    }

    /** Of a node that has not caught up, or of a chain that was set back. */
    private boolean isBehind(VerifiedCheckpoint next) {
        return newest.filter(
                        seen -> next.checkpoint().height() < seen.checkpoint().height())
                .isPresent();
    }

    /** A checkpoint that was handed out here, if it is still kept. */
    public Optional<VerifiedCheckpoint> at(long height) {
        return Optional.ofNullable(handedOut.get(height));
    }

    /** The answer for a key, present or absent, under a checkpoint that was handed out here. */
    public Bytes key(VerifiedCheckpoint under, String member) throws IOException, InterruptedException {
        return proven("keys/" + member + "?h=" + under.checkpoint().height(), KeyProof.MAX_BYTES, answer -> {
            KeyProof.find(under, member, answer);
        });
    }

    /** The records of a member, newest first, under a checkpoint that was handed out here; too long to be kept. */
    public Bytes history(VerifiedCheckpoint under, String member) throws IOException, InterruptedException {
        String path = "keys/" + member + "/history?h=" + under.checkpoint().height();
        Bytes answer = ask(path, KeyHistory.MAX_BYTES);
        try {
            KeyHistory.verify(under, member, answer);
        } catch (ProofException e) {
            throw fault(e);
        }
        return answer;
    }

    /** The answer for several keys, with one proof; too long to be kept. */
    public Bytes keys(VerifiedCheckpoint under, List<String> members) throws IOException, InterruptedException {
        String path = "keys?names=" + String.join(",", members) + "&h="
                + under.checkpoint().height();
        Bytes answer = ask(path, KeysProof.MAX_BYTES);
        try {
            KeysProof.verify(under, members, answer);
        } catch (ProofException e) {
            throw fault(e);
        }
        return answer;
    }

    /** The record of a name under the newest checkpoint, if it has one. */
    public Optional<MemberRecord> record(String member) throws IOException, InterruptedException {
        VerifiedCheckpoint under = checkpoint();
        Bytes answer = key(under, member);
        try {
            return Optional.of(KeyProof.verify(under, member, answer).record());
        } catch (ProofException e) {
            if (e.reason() == ProofException.Reason.ABSENT) {
                return Optional.empty();
            }
            throw fault(e);
        }
    }

    /** A header and its path under a checkpoint that was handed out here. */
    public Bytes header(VerifiedCheckpoint under, long height) throws IOException, InterruptedException {
        return proven(
                "headers/" + height + "?h=" + under.checkpoint().height(),
                HeaderProof.MAX_BYTES,
                answer -> HeaderProof.verify(under, height, answer));
    }

    /** The proof that one checkpoint that was handed out here continues another. */
    public Bytes consistency(VerifiedCheckpoint older, VerifiedCheckpoint newer)
            throws IOException, InterruptedException {
        return proven(
                consistencyPath(older, newer),
                ConsistencyProof.MAX_BYTES,
                answer -> ConsistencyProof.verify(older, newer, answer));
    }

    /** Hands a transaction to the cloud; a receipt in the answer is one for that transaction. */
    public TransactionAnswer submit(Bytes encoded, SignedTransaction signed) throws IOException, InterruptedException {
        trust();
        TransactionAnswer answer = cloud.submit(List.of(encoded)).get(0);
        if (answer instanceof TransactionAnswer.Accepted accepted) {
            checkReceipt(accepted, encoded, signed);
        }
        return answer;
    }

    private synchronized void checkReceipt(TransactionAnswer.Accepted accepted, Bytes encoded, SignedTransaction signed)
            throws IOException, InterruptedException {
        VerifiedPolicy policy = walked(false).policy();
        if (!accepted.transactionId().equals(signed.id(policy.chain()))) {
            throw new CloudFaultException("the cloud's receipt is for another transaction", null);
        }
        checked(current -> Receipt.verify(accepted.receipt(), encoded, current, verifier));
    }

    @Override
    public void close() {
        cloud.close();
    }

    private void continues(VerifiedCheckpoint older, VerifiedCheckpoint newer)
            throws IOException, InterruptedException {
        Checkpoint before = older.checkpoint();
        if (before.equals(newer.checkpoint())) {
            return;
        }
        try {
            ConsistencyProof.verify(older, newer, ask(consistencyPath(older, newer), ConsistencyProof.MAX_BYTES));
        } catch (ProofException e) {
            inquire(older, newer);
            throw fault(e);
        } catch (CloudException e) {
            inquire(older, newer);
            throw e;
        }
    }

    /** What comes of it changes nothing about the refusal. */
    private void inquire(VerifiedCheckpoint older, VerifiedCheckpoint newer) throws InterruptedException {
        try {
            evidence.inquire(older.signed(), newer.signed(), walked(false).transactions());
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("the cloud does not show a sibling's other history");
        }
        deliver();
    }

    private void deliver() throws InterruptedException {
        try {
            evidence.deliver();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("proof about a sibling waits for the next question");
        }
    }

    private static String consistencyPath(VerifiedCheckpoint older, VerifiedCheckpoint newer) {
        return "consistency?a=" + older.checkpoint().height() + "&b="
                + newer.checkpoint().height();
    }

    /** Says whether an answer proves what it should. */
    @FunctionalInterface
    private interface Proof {
        void check(Bytes answer) throws ProofException;
    }

    /** What is kept is answered at once, even while another question waits for the cloud. */
    private Bytes proven(String path, int maxBytes, Proof proof) throws IOException, InterruptedException {
        Bytes known = answers.get(path);
        if (known != null) {
            return known;
        }
        Bytes answer = ask(path, maxBytes);
        try {
            proof.check(answer);
        } catch (ProofException e) {
            throw fault(e);
        }
        answers.put(path, answer);
        return answer;
    }

    private Bytes ask(String path, int maxBytes) throws IOException, InterruptedException {
        trust();
        return cloud.ask(path, maxBytes);
    }

    private synchronized void trust() throws IOException, InterruptedException {
        cloud.trust(walked(isOld()).policy().policy());
    }

    /** Checks under the policy as it is known; if that is no longer the one in force, under the newest. */
    private <T> T checked(Check<T> check) throws IOException, InterruptedException {
        try {
            try {
                return check.under(walked(false).policy());
            } catch (ProofException e) {
                return check.under(walked(true).policy());
            }
        } catch (ProofException e) {
            throw fault(e);
        }
    }

    private boolean isOld() {
        return System.nanoTime() - walkedNanos > POLICY_AGE.toNanos();
    }

    private PolicyWalk walked(boolean again) throws IOException, InterruptedException {
        if (walk.isEmpty() || again) {
            PolicyWalk next = cloud.walk();
            if (!next.policy().chainName().equals(name)) {
                throw new CloudFaultException("the sibling has another name than the policy says", null);
            }
            if (walk.isPresent()
                    && next.transactions().size() < walk.get().transactions().size()) {
                throw new CloudFaultException("the sibling's policies became fewer", null);
            }
            walk = Optional.of(next);
            walkedNanos = System.nanoTime();
        }
        return walk.get();
    }

    private static CloudFaultException fault(ProofException cause) {
        return new CloudFaultException(cause.getMessage(), cause);
    }

    private static <K, V> Map<K, V> bounded(int max) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > max;
            }
        });
    }
}
