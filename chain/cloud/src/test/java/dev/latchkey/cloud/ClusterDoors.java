package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.history.Append.Outcome;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * The API of each node of a cluster, as clients use it: an answer of 503, none in time, or none at all is no answer. Any
 * other one that is not a success is a fault. Thread-safe.
 */
final class ClusterDoors {
    /** As many entries of a mailbox as come at once. */
    static final int PAGE = 1_024;

    /** A node that hangs is left for another one, as a gateway does ({@code cloud.node-timeout}). */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LONGEST = Duration.ofSeconds(16);

    /** Who left a node asks the others for so long. */
    private static final Duration LEFT = Duration.ofSeconds(10);

    /** What the slower of two writers of one version is told. */
    private static final Set<String> TOO_LATE = Set.of("bad-sequence", "name-taken", "key-reused");

    /** What a writer is told to send again. */
    private static final Set<String> AGAIN = Set.of("stale-work", "block-full", "overloaded");

    private final ProcessCluster cluster;
    private final ClusterRecord record;
    private final List<Identity> owners;
    private final VerifiedPolicy policy;
    private final Map<String, TestClient> clients = new ConcurrentHashMap<>();
    private final Map<Integer, Long> left = new ConcurrentHashMap<>();
    private final AtomicReference<Duration> patience = new AtomicReference<>(PATIENCE);

    ClusterDoors(ProcessCluster cluster, ClusterRecord record, List<Identity> owners) throws Exception {
        this.cluster = cluster;
        this.record = record;
        this.owners = owners;
        this.policy = cluster.network.policy();
    }

    /** What a node says of a name, and the root of the directory that says it. */
    record KeySeen(Optional<MemberRecord> record, Digest root) {}

    /** Any node but those that lately hung; any at all, if all did. */
    int any(Random random) {
        long now = System.nanoTime();
        left.values().removeIf(since -> now - since > LEFT.toNanos());
        List<Integer> nodes = IntStream.range(0, ProcessCluster.SIZE)
                .filter(node -> left.size() == ProcessCluster.SIZE || !left.containsKey(node))
                .boxed()
                .toList();
        return nodes.isEmpty() ? random.nextInt(ProcessCluster.SIZE) : nodes.get(random.nextInt(nodes.size()));
    }

    Optional<KeySeen> key(int node, String name) throws Exception {
        Optional<Bytes> body = asked(node, gateway(node), "/v1/chains/{c}/keys/" + name, null);
        if (body.isEmpty()) {
            return Optional.empty();
        }
        DirectoryAnswer answer = DirectoryAnswer.decode(body.get());
        Digest root = answer.root(DirectoryPath.of(cluster.network.chain.digest(), name))
                .orElseThrow();
        return Optional.of(new KeySeen(
                answer.value().isEmpty()
                        ? Optional.empty()
                        : Optional.of(MemberRecord.decode(answer.value().get())),
                root));
    }

    void checkpoint(int node) throws Exception {
        Optional<Bytes> body = asked(node, gateway(node), "/v1/chains/{c}/checkpoint", null);
        if (body.isPresent()) {
            try {
                record.checkpoint(CheckpointVerifier.verify(body.get(), policy, TestNetwork.VERIFIER)
                        .checkpoint());
            } catch (ProofException e) {
                if (e.reason() != ProofException.Reason.OTHER_POLICY) { // one that came into force meanwhile
                    throw e;
                }
            }
        }
    }

    Outcome submit(int node, SignedTransaction transaction) throws Exception {
        Optional<Bytes> body = asked(node, gateway(node), "/v1/chains/{c}/transactions", transaction.encode());
        if (body.isEmpty()) {
            return Outcome.UNKNOWN;
        }
        Item first = Cbor.decode(body.get(), 1 << 20).asArray().get(0);
        if (TransactionAnswer.fromItem(first) instanceof TransactionAnswer.Rejected rejected) {
            if (AGAIN.contains(rejected.code())) {
                return Outcome.UNKNOWN;
            }
            if (!TOO_LATE.contains(rejected.code())) {
                record.fault("refused: " + rejected);
            }
            return Outcome.REFUSED;
        }
        return Outcome.ACKNOWLEDGED;
    }

    Optional<BatchAnswer> deliver(int node, Bytes batch) throws Exception {
        Optional<Bytes> body = asked(node, gateway(node), "/v1/messages?chain=" + cluster.network.chain.toHex(), batch);
        return body.isEmpty() ? Optional.empty() : Optional.of(BatchAnswer.decode(body.get()));
    }

    Optional<Bytes> mailbox(int node, int box, long after) throws Exception {
        TestClient owner = clients.computeIfAbsent(
                "box " + box + node, key -> cluster.client(node, owners.get(box).dtls()));
        return asked(node, owner, "/v1/mailboxes/{c}/" + ClusterLoad.box(box) + "?after=" + after, null);
    }

    private TestClient gateway(int node) {
        return clients.computeIfAbsent("gateway " + node, key -> cluster.client(node, cluster.network.gateway.dtls()));
    }

    private Optional<Bytes> asked(int node, TestClient client, String path, Bytes body) throws InterruptedException {
        Duration waits = patience.get();
        HttpRequest.Builder request = client.request(path).timeout(waits);
        try {
            HttpResponse<byte[]> answer = client.send(
                    body == null
                            ? request.GET().build()
                            : request.POST(BodyPublishers.ofByteArray(body.toArray()))
                                    .build());
            patience.set(PATIENCE);
            left.remove(node);
            if (answer.statusCode() == 200) {
                return Optional.of(Bytes.wrap(answer.body()));
            }
            if (answer.statusCode() != 503) {
                record.fault(path + " answered " + answer.statusCode() + " " + TestClient.code(answer));
            }
            return Optional.empty();
        } catch (IOException e) {
            if (e instanceof HttpTimeoutException) { // on a busy machine all may be slow
                left.put(node, System.nanoTime());
                patience.updateAndGet(
                        now -> now.equals(waits) && now.compareTo(LONGEST) < 0 ? now.multipliedBy(2) : now);
            }
            return Optional.empty(); // nobody there, or not in time
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
