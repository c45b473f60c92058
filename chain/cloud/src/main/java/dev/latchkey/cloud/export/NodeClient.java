package dev.latchkey.cloud.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Names;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Speaks to a cloud node over HTTPS; each call blocks. To a server whose key it does not know it sends only the open
 * questions, which chains there are and what their policies; what else it asks, it asks a replica that the policy names.
 */
public final class NodeClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_POLICY_BYTES = 4 << 20;
    private static final int MAX_LIST_BYTES = 1 << 20;
    private static final int MAX_PROBLEM_BYTES = 4_096;
    private static final int OK = 200;
    private static final int CREATED = 201;

    /** How long several nodes are asked again and again while none of them can answer: longer than a fail-over. */
    private static final Duration FAIL_OVER = Duration.ofSeconds(15);

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final int UNAVAILABLE = 503;

    private final List<URI> nodes;
    private final AtomicInteger current = new AtomicInteger();
    private final KeyPair tls;
    private final EcVerifier verifier;
    private final HttpClient walking;

    /**
     * Makes a client; nothing is sent yet.
     *
     * @param node {@code https://host:port}
     * @param tls the dtls key of the member who asks, or any key where everybody may
     */
    public NodeClient(URI node, KeyPair tls, EcVerifier verifier) {
        this(List.of(node), tls, verifier);
    }

    /**
     * Makes a client of several nodes of one cluster: it stays with one of them until that one does not answer or cannot
     * serve now, and then asks the next. Every request may so be sent twice, and is done once.
     *
     * @param nodes {@code https://host:port} of each, at least one
     */
    public NodeClient(List<URI> nodes, KeyPair tls, EcVerifier verifier) {
        this.nodes = List.copyOf(nodes);
        this.tls = tls;
        this.verifier = verifier;
        this.walking = client(key -> true);
    }

    private HttpClient client(Predicate<CoseKey> servers) {
        SSLContext context = PinnedTls.client(tls, servers);
        return HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
    }

    /**
     * A chain as a node lists it: its word alone, but for the form.
     *
     * @param height of the newest block
     */
    public record Listed(ChainId id, String name, long height) {}

    /** The ids of the chains that the node says it orders. */
    List<ChainId> chains() throws IOException, InterruptedException, MalformedSourceException {
        return listing().stream().map(Listed::id).toList();
    }

    /** The chains that the node says it orders. */
    public List<Listed> listing() throws IOException, InterruptedException, MalformedSourceException {
        Bytes answer = whole(get(walking, "/v1/chains"), MAX_LIST_BYTES);
        try {
            List<Listed> chains = new ArrayList<>();
            for (Item item : Cbor.decode(answer, MAX_LIST_BYTES).asArray()) {
                List<Item> parts = item.asArray(3);
                String name = parts.get(1).asText(Names.MAX);
                if (!Names.isValid(name)) {
                    throw new MalformedSourceException("the node lists a chain without a name");
                }
                chains.add(new Listed(
                        new ChainId(Digest.of(parts.get(0).asBytes(Digest.SIZE))),
                        name,
                        parts.get(2).asUint()));
            }
            return chains;
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("the node's list of chains is malformed", e);
        }
    }

    /** A client that talks only to the replicas that the chain's policy names, walked from the chain id. */
    HttpClient pinned(ChainId chain) throws IOException, InterruptedException, MalformedSourceException {
        return pinned(policy(chain));
    }

    /** A client that talks only to the replicas that this policy names. */
    public HttpClient pinned(VerifiedPolicy policy) {
        Set<CoseKey> replicas = policy.policy().replicas().nodes().stream()
                .map(Policy.Replica::tls)
                .collect(Collectors.toUnmodifiableSet());
        return client(replicas::contains);
    }

    /** The chain's newest policy, as far as the node shows it, walked from the chain id. */
    public VerifiedPolicy policy(ChainId chain) throws IOException, InterruptedException, MalformedSourceException {
        try {
            return PolicyChain.verify(chain, policyTransactions(chain), verifier);
        } catch (ProofException e) {
            throw new MalformedSourceException("the node's policy does not belong to the chain", e);
        }
    }

    /** What the node shows as the chain's genesis, policy and evidence transactions, in order; nothing is verified yet. */
    public List<Bytes> policyTransactions(ChainId chain)
            throws IOException, InterruptedException, MalformedSourceException {
        Bytes answer = whole(get(walking, "/v1/chains/" + chain.toHex() + "/policy?from=0"), MAX_POLICY_BYTES);
        try {
            List<Bytes> transactions = new ArrayList<>();
            for (Item item : Cbor.decodeSequence(answer, MAX_POLICY_BYTES)) {
                transactions.add(item.asBytes());
            }
            return transactions;
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("the node's policy does not belong to the chain", e);
        }
    }

    /**
     * The body of a successful answer to GET.
     *
     * @throws NodeRefusalException if the node answers with a problem
     */
    public InputStream get(HttpClient client, String path) throws IOException, InterruptedException {
        return send(client, path, HttpRequest.newBuilder());
    }

    /** The body of a successful answer to POST. */
    public InputStream post(HttpClient client, String path, Bytes body) throws IOException, InterruptedException {
        return send(client, path, HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(body.toArray())));
    }

    private InputStream send(HttpClient client, String path, HttpRequest.Builder asked)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + FAIL_OVER.toNanos();
        Duration wait = FIRST_WAIT;
        for (int tries = 1; ; tries++) {
            URI node = nodes.get(Math.floorMod(current.get(), nodes.size()));
            try {
                return send(client, node, asked.uri(node.resolve(path)));
            } catch (IOException e) {
                boolean mayPass = !(e instanceof NodeRefusalException refusal) || refusal.status() == UNAVAILABLE;
                if (nodes.size() == 1 || !mayPass || System.nanoTime() > deadline) {
                    throw e;
                }
                current.incrementAndGet();
            }
            if (tries % nodes.size() == 0) { // all of them were asked
                TimeUnit.NANOSECONDS.sleep(wait.toNanos());
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        }
    }

    private static InputStream send(HttpClient client, URI node, HttpRequest.Builder asked)
            throws IOException, InterruptedException {
        HttpRequest request = asked.timeout(PATIENCE).build();
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new IOException("cannot reach the node at " + node, e);
        } catch (SSLException e) {
            throw new IOException("the server at " + node + " is no replica of the chain, or breaks TLS 1.3", e);
        }
        if (response.statusCode() != OK && response.statusCode() != CREATED) {
            throw refusal(response.statusCode(), whole(response.body(), MAX_PROBLEM_BYTES));
        }
        return PromptBody.of(response.body(), PATIENCE);
    }

    /**
     * All of a body that may have at most {@code max} bytes.
     *
     * @throws TooLongAnswerException if it has more
     */
    public static Bytes whole(InputStream body, int max) throws IOException {
        try (body) {
            byte[] bytes = body.readNBytes(max);
            if (body.read() >= 0) {
                throw new TooLongAnswerException();
            }
            return Bytes.wrap(bytes);
        }
    }

    private static NodeRefusalException refusal(int status, Bytes body) {
        try {
            return new NodeRefusalException(status, Problem.decode(body));
        } catch (MalformedMessageException e) {
            return new NodeRefusalException(status, new Problem("no-reason", "the node gives no reason"));
        }
    }
}
