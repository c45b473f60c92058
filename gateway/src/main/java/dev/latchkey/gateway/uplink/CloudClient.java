package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.ledger.Block;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Asks the cloud; safe for use by many threads, each call blocks its own. Of several nodes it uses one until that one
 * fails.
 *
 * <p>Whom it talks to follows from the chain: to a server whose key it does not know it sends only the question for the
 * policy transactions, checks the answer against the chain id, and goes on with the TLS keys of the replicas named
 * there.
 */
public final class CloudClient implements AutoCloseable {
    /** Longest checkpoint in bytes. */
    public static final int MAX_CHECKPOINT_BYTES = SignedCheckpoint.MAX_BYTES;

    private static final int MAX_POLICY_BYTES = 4 << 20;
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final int MAX_BLOCK_ITEM_BYTES = Block.MAX_BYTES + SignedCheckpoint.MAX_BYTES + 64;
    private static final int MAX_FOLLOWED_ITEM_BYTES = MailboxEntry.MAX_BYTES + 64;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int FORBIDDEN = 403;

    /** The code of who is none of those that may ask. */
    private static final String STRANGER = "forbidden";

    private static final String CBOR = "application/cbor";
    private static final String COSE = "application/cose";
    private static final String CBOR_SEQUENCE = "application/cbor-seq";
    private static final String TICKET_HEADER = "Latchkey-Serve-Ticket";

    private final ChainId chain;
    private final List<String> addresses;
    private final EcVerifier verifier;
    private final CloudTiming timing;
    private final NodePatience patience;
    private final ExecutorService threads = Executors.newCachedThreadPool(CloudClient::daemon);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(CloudClient::daemon);
    private final AtomicInteger node = new AtomicInteger();
    private volatile Set<CoseKey> replicas = Set.of();
    private volatile Shown shown;
    private volatile Optional<KeyPair> next = Optional.empty();

    /**
     * Makes a client; nothing is sent yet.
     *
     * @param addresses {@code host:port} of the nodes, at least one
     * @param tls the key this gateway shows: its dtls key on the chain
     */
    public CloudClient(ChainId chain, List<String> addresses, KeyPair tls, EcVerifier verifier, CloudTiming timing) {
        this.chain = chain;
        this.addresses = List.copyOf(addresses);
        this.verifier = verifier;
        this.timing = timing;
        this.patience = new NodePatience(timing, addresses.size());
        this.shown = shown(tls);
    }

    /** Connections with one key of this gateway's. */
    private record Shown(KeyPair key, HttpClient pinned, HttpClient walking) {}

    private Shown shown(KeyPair tls) {
        return new Shown(tls, client(tls, key -> replicas.contains(key)), client(tls, key -> true));
    }

    /** Shows another key from now on, and no other any more; streams that are open go on. */
    public synchronized void show(KeyPair tls) {
        next = Optional.empty();
        if (shown.key() != tls) {
            shown = shown(tls);
        }
    }

    /** The chain may have another key of this gateway already: shows that when the cloud knows this one no more. */
    public synchronized void mayShow(KeyPair tls) {
        next = Optional.of(tls);
    }

    /** Another key is tried, or else another node: one that is behind may not have heard of this gateway. */
    private synchronized void unknown(Shown refused) {
        if (next.isEmpty()) {
            nextNode();
        } else if (shown == refused) {
            KeyPair other = next.get();
            next = Optional.of(refused.key());
            shown = shown(other);
        }
    }

    /** Takes the replicas' keys from a policy that was verified elsewhere. */
    public void trust(Policy policy) {
        replicas = policy.replicas().nodes().stream().map(Policy.Replica::tls).collect(Collectors.toUnmodifiableSet());
    }

    /** Walks from the chain id to the replicas' keys unless they are known. */
    public void establish() throws IOException, InterruptedException {
        if (!replicas.isEmpty()) {
            return;
        }
        trust(walk().policy().policy());
    }

    /**
     * Walks from the chain id to today's keys, whoever answers.
     *
     * @throws CloudFaultException if the answer does not belong to the chain
     */
    public PolicyWalk walk() throws IOException, InterruptedException {
        HttpRequest request = request("policy?from=0").GET().build();
        Bytes answer = whole(send(Shown::walking, request), MAX_POLICY_BYTES);
        try {
            List<Bytes> transactions = new ArrayList<>();
            for (Item item : Cbor.decodeSequence(answer, MAX_POLICY_BYTES)) {
                transactions.add(item.asBytes());
            }
            return new PolicyWalk(transactions, PolicyChain.verify(chain, transactions, verifier));
        } catch (MalformedCborException | ProofException e) {
            nextNode();
            throw new CloudFaultException("the cloud's policy does not belong to the chain", e);
        }
    }

    /**
     * What the cloud says of the chain; whether it is true is for the caller to check.
     *
     * @param what path below the chain, with its query
     */
    public Bytes ask(String what, int maxBytes) throws IOException, InterruptedException {
        return whole(send(Shown::pinned, request(what).GET().build()), maxBytes);
    }

    /** The stream of blocks and checkpoints from a height on; stays open. */
    public ItemStream blocks(long from) throws IOException, InterruptedException {
        HttpRequest request = request("blocks?from=" + from + "&follow=1")
                .timeout(timing.answer())
                .GET()
                .build();
        return new ItemStream(send(Shown::pinned, request), MAX_BLOCK_ITEM_BYTES);
    }

    /** Submits transactions; the answers are in the same order. */
    public List<TransactionAnswer> submit(List<Bytes> transactions) throws IOException, InterruptedException {
        Bytes body = Bytes.concat(transactions.toArray(Bytes[]::new));
        HttpRequest request = post("transactions", CBOR_SEQUENCE, body);
        Bytes answer = whole(send(Shown::pinned, request), MAX_ANSWER_BYTES);
        try {
            List<TransactionAnswer> answers = new ArrayList<>();
            for (Item item : Cbor.decode(answer, MAX_ANSWER_BYTES).asArray(transactions.size())) {
                answers.add(TransactionAnswer.fromItem(item));
            }
            return answers;
        } catch (MalformedCborException | MalformedMessageException e) {
            throw new IOException("the cloud's answer is malformed", e);
        }
    }

    /** Brings this gateway's cosignature of a checkpoint. */
    public void cosign(SignedCheckpoint own) throws IOException, InterruptedException {
        whole(send(Shown::pinned, post("cosignatures", COSE, own.encode())), MAX_ANSWER_BYTES);
    }

    /** Brings proof that replicas signed two histories. */
    public void accuse(Bytes evidenceFile) throws IOException, InterruptedException {
        whole(send(Shown::pinned, post("evidence", CBOR_SEQUENCE, evidenceFile)), MAX_ANSWER_BYTES);
    }

    /** The newest checkpoint, as the cloud has it; not verified. */
    public Bytes checkpoint() throws IOException, InterruptedException {
        return whole(send(Shown::pinned, request("checkpoint").GET().build()), SignedCheckpoint.MAX_BYTES);
    }

    /** The newest checkpoint that carries so many cosignatures, as the cloud has it; not verified. */
    public Bytes cosignedCheckpoint(int witnesses) throws IOException, InterruptedException {
        return whole(
                send(Shown::pinned, request("checkpoint?q=" + witnesses).GET().build()), SignedCheckpoint.MAX_BYTES);
    }

    /** A header with its path under the checkpoint of a height, as the cloud has it; not verified. */
    public Bytes headerProof(long height, long under) throws IOException, InterruptedException {
        HttpRequest request = request("headers/" + height + "?h=" + under).GET().build();
        return whole(send(Shown::pinned, request), HeaderProof.MAX_BYTES);
    }

    /**
     * Brings messages to the mailboxes.
     *
     * @param batch an encoded {@link MessageBatch}
     */
    public BatchAnswer send(Bytes batch) throws IOException, InterruptedException {
        HttpRequest request = base("/v1/messages?chain=" + chain.toHex())
                .header("Content-Type", CBOR)
                .POST(HttpRequest.BodyPublishers.ofByteArray(batch.toArray()))
                .build();
        Bytes answer = whole(send(Shown::pinned, request), BatchAnswer.MAX_BYTES);
        try {
            return BatchAnswer.decode(answer);
        } catch (MalformedMessageException e) {
            throw new IOException("the cloud's answer is malformed", e);
        }
    }

    /** The stream of several members' mailboxes; stays open. */
    public ItemStream follow(FollowRequest mailboxes) throws IOException, InterruptedException {
        HttpRequest request = base("/v1/mailboxes/" + chain.toHex() + "/follow")
                .timeout(timing.answer())
                .header("Content-Type", CBOR)
                .POST(HttpRequest.BodyPublishers.ofByteArray(mailboxes.encode().toArray()))
                .build();
        return new ItemStream(send(Shown::pinned, request), MAX_FOLLOWED_ITEM_BYTES);
    }

    /** The cloud may forget a member's messages up to and with a sequence. */
    public void acknowledge(String member, long upTo, Bytes ticket) throws IOException, InterruptedException {
        HttpRequest request = base("/v1/mailboxes/" + chain.toHex() + "/" + member + "?upto=" + upTo)
                .header(TICKET_HEADER, Base64.getUrlEncoder().withoutPadding().encodeToString(ticket.toArray()))
                .DELETE()
                .build();
        whole(send(Shown::pinned, request), MAX_ANSWER_BYTES);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }

    private HttpClient client(KeyPair tls, Predicate<CoseKey> servers) {
        SSLContext context = PinnedTls.client(tls, servers);
        return HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .connectTimeout(timing.connect())
                .executor(threads)
                .build();
    }

    private HttpRequest.Builder request(String ofChain) {
        return base("/v1/chains/" + chain.toHex() + "/" + ofChain);
    }

    private HttpRequest post(String ofChain, String contentType, Bytes body) {
        return request(ofChain)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray()))
                .build();
    }

    private HttpRequest.Builder base(String path) {
        String address = addresses.get(Math.floorMod(node.get(), addresses.size()));
        return HttpRequest.newBuilder(URI.create("https://" + address + path)).timeout(patience.now());
    }

    private InputStream send(Function<Shown, HttpClient> client, HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        Shown used = shown;
        try {
            response = client.apply(used).send(request, BodyHandlers.ofInputStream());
            patience.met();
        } catch (SSLException e) {
            // Perhaps the node has a new key: the next try walks from the chain id again.
            replicas = Set.of();
            nextNode();
            throw new IOException("no trusted connection to " + request.uri().getAuthority(), e);
        } catch (IOException e) {
            if (e instanceof HttpTimeoutException) {
                request.timeout().ifPresent(patience::missed);
            }
            nextNode();
            // Some of the JDK's network exceptions say nothing but their name.
            throw new IOException("no answer from " + request.uri().getAuthority(), e);
        }
        InputStream body = new WatchedStream(response.body(), timing.silence(), timer);
        if (response.statusCode() / 100 == OK / 100) {
            return body;
        }
        if (response.statusCode() == UNAVAILABLE) {
            nextNode(); // another one may know who leads
        }
        String code = problemCode(body);
        if (response.statusCode() == FORBIDDEN && code.equals(STRANGER)) {
            unknown(used);
        }
        throw new CloudException(response.statusCode(), code);
    }

    /** How many nodes it may ask. */
    public int nodes() {
        return addresses.size();
    }

    /** What was said is old: asks another node from now on, if there is one. */
    public void elsewhere() {
        nextNode();
    }

    /** The next try goes to the next node, whose key may be another: with one node nothing changes. */
    private void nextNode() {
        node.incrementAndGet();
    }

    private static Bytes whole(InputStream body, int maxBytes) throws IOException {
        try (body) {
            byte[] bytes = body.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IOException("the cloud's answer is too large");
            }
            return Bytes.wrap(bytes);
        }
    }

    private static String problemCode(InputStream body) {
        try {
            return Problem.decode(whole(body, Problem.MAX_BYTES)).code();
        } catch (IOException | MalformedMessageException e) {
            return "";
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "cloud-client");
        thread.setDaemon(true);
        return thread;
    }
}
