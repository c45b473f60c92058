package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * The cloud nodes of a chain as calls; safe for use by many threads. What fails for a passing reason is repeated, at
 * another node if there is one. So is what a node refuses that may not know yet what the others know: it is believed when
 * all of them have said so.
 *
 * <p>Whom it talks to follows from the chain: a server of unknown key is asked for the policy alone, the answer is checked
 * against the chain id, and from then on only the replicas named there are talked to.
 */
final class CloudLink implements AutoCloseable {
    /** Codes of transactions that are worth another try at once. */
    static final Set<String> PASSING = Set.of("stale-work", "block-full", "overloaded");

    /** Refusals by which a node may be behind: it has not heard of a member, of a chain, of a head. */
    private static final Set<String> LAGGING = Set.of("forbidden", "unknown-chain", "stale-height", "unknown-height");

    /** For connections and answers where there is no other node; a stream gives a sign of life every 10 s. */
    private static final int LONGEST_WAIT_MILLIS = 30_000;

    /** For connections, and for answers, where another node may be asked instead. */
    private static final int CONNECT_MILLIS = 3_000;

    private static final int ANSWER_MILLIS = 10_000;
    private static final int MAX_RETRY_SECONDS = 60;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int MAX_PROBLEM_BYTES = 4_096;
    private static final Problem UNEXPLAINED = new Problem("unexplained", "");

    private final ChainId chain;
    private final List<URI> nodes;
    private final Means means;
    private final AtomicInteger node = new AtomicInteger();
    private final SSLSocketFactory walking;
    private final SSLSocketFactory pinned;
    private final ExecutorService calls = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "latchkey-cloud-call");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Set<CoseKey> replicas = Set.of();

    /**
     * Makes a link; nothing is sent yet.
     *
     * @param nodes base addresses, at least one
     * @param dtls the member's key, which it shows
     */
    CloudLink(ChainId chain, List<URI> nodes, KeyPair dtls, Means means) {
        this.chain = chain;
        this.nodes = List.copyOf(nodes);
        this.means = means;
        this.walking = PinnedTls.client(dtls, key -> true).getSocketFactory();
        this.pinned = PinnedTls.client(dtls, key -> replicas.contains(key)).getSocketFactory();
    }

    /** A chain that the nodes order. */
    ChainLink chain(ChainPlace place) {
        return new CloudChain(this, place.chain());
    }

    CompletableFuture<Bytes> get(String path, int maxBytes) {
        return body("GET", path, Bytes.EMPTY, maxBytes);
    }

    CompletableFuture<Bytes> post(String path, Bytes body, int maxBytes) {
        return body("POST", path, body, maxBytes);
    }

    CompletableFuture<Bytes> delete(String path) {
        return body("DELETE", path, Bytes.EMPTY, MAX_PROBLEM_BYTES);
    }

    /** The open body of a stream; its reading blocks, and fails when there is no sign of life. */
    CompletableFuture<InputStream> stream(String path) {
        return patiently(() ->
                answered(pinned, "GET", path, Bytes.EMPTY, LONGEST_WAIT_MILLIS).getInputStream());
    }

    private CompletableFuture<Bytes> body(String method, String path, Bytes body, int maxBytes) {
        return patiently(() -> sent(pinned, method, path, body, maxBytes));
    }

    private <T> CompletableFuture<T> patiently(Failures.Work<T> work) {
        AtomicInteger refusals = new AtomicInteger();
        return means.patience()
                .attempt(() -> called(() -> {
                    establish();
                    try {
                        return work.run();
                    } catch (DeviceException e) {
                        boolean mayLag =
                                e.problemCode().filter(LAGGING::contains).isPresent();
                        if (mayLag && refusals.incrementAndGet() < nodes.size()) {
                            next();
                            throw new Patience.Passing("a cloud node refused", Duration.ZERO, e);
                        }
                        throw e;
                    }
                }));
    }

    /** Another node is asked from now on, if there is one. */
    void next() {
        node.incrementAndGet();
    }

    /** On a thread of its own, since it blocks. */
    private <T> CompletableFuture<T> called(Failures.Work<T> work) {
        return CompletableFuture.supplyAsync(
                () -> Failures.wrapped(() -> {
                    try {
                        return work.run();
                    } catch (IOException e) {
                        throw unreachable(e);
                    }
                }),
                calls);
    }

    private Bytes sent(SSLSocketFactory tls, String method, String path, Bytes body, int maxBytes)
            throws IOException, DeviceException, Patience.Passing {
        int wait = nodes.size() > 1 ? ANSWER_MILLIS : LONGEST_WAIT_MILLIS;
        try (InputStream in = answered(tls, method, path, body, wait).getInputStream()) {
            byte[] answer = in.readNBytes(maxBytes + 1);
            if (answer.length > maxBytes) {
                throw new DeviceException(DeviceException.Kind.UNPROVED, "an answer too large");
            }
            return Bytes.wrap(answer);
        }
    }

    /** A call whose answer is good. */
    private HttpsURLConnection answered(SSLSocketFactory tls, String method, String path, Bytes body, int readMillis)
            throws IOException, DeviceException, Patience.Passing {
        URI base = nodes.get(Math.floorMod(node.get(), nodes.size()));
        HttpsURLConnection call =
                (HttpsURLConnection) base.resolve(path).toURL().openConnection();
        call.setSSLSocketFactory(tls);
        call.setHostnameVerifier((host, session) -> true); // the key counts, see the contexts
        call.setInstanceFollowRedirects(false);
        call.setConnectTimeout(nodes.size() > 1 ? CONNECT_MILLIS : LONGEST_WAIT_MILLIS);
        call.setReadTimeout(readMillis);
        call.setRequestMethod(method);
        call.setRequestProperty("Accept", "application/cbor");
        if (method.equals("POST")) {
            call.setDoOutput(true);
            call.setFixedLengthStreamingMode(body.size());
            call.setRequestProperty("Content-Type", "application/cbor-seq");
            try (OutputStream out = call.getOutputStream()) {
                out.write(body.toArray());
            }
        }
        if (call.getResponseCode() / 100 != 2) {
            try (InputStream problem = call.getErrorStream()) {
                throw refused(call, problem == null ? new byte[0] : problem.readNBytes(MAX_PROBLEM_BYTES));
            }
        }
        return call;
    }

    /** Closes a stream some time soon. */
    void drop(InputStream stream) {
        calls.execute(() -> {
            try {
                stream.close();
            } catch (IOException e) {
                // it is of no use any more
                return;
            }
        });
    }

    /** Ends the threads when what they do is done. */
    @Override
    public void close() {
        calls.shutdown();
    }

    /** Walks from the chain id to the replicas' keys, unless they are known. */
    private void establish() throws IOException, DeviceException, Patience.Passing {
        if (!replicas.isEmpty()) {
            return;
        }
        Bytes sequence = sent(
                walking, "GET", "/v1/chains/" + chain.toHex() + "/policy", Bytes.EMPTY, ChainLink.MAX_POLICY_BYTES);
        try {
            Policy policy = PolicyChain.verify(
                            chain,
                            ChainLink.transactions(sequence),
                            means.settings().verifier())
                    .policy();
            replicas =
                    policy.replicas().nodes().stream().map(Policy.Replica::tls).collect(Collectors.toUnmodifiableSet());
        } catch (ProofException | MalformedCborException e) {
            throw Failures.unproved("the node does not show the policy of this chain", e);
        }
    }

    /** Another node is asked next, whose key may be newer than what is known. */
    private Patience.Passing unreachable(Throwable failure) {
        next();
        replicas = Set.of();
        return new Patience.Passing("the cloud node does not answer", Duration.ZERO, Failures.cause(failure));
    }

    private DeviceException refused(HttpsURLConnection call, byte[] body) throws IOException, Patience.Passing {
        Problem problem = problem(body);
        int status = call.getResponseCode();
        if (status != TOO_MANY_REQUESTS && status < 500) {
            return DeviceException.refusedByCloud(problem);
        }
        next();
        throw new Patience.Passing(
                problem, Duration.ofSeconds(Math.min(MAX_RETRY_SECONDS, call.getHeaderFieldInt("Retry-After", 0))));
    }

    private static Problem problem(byte[] body) {
        try {
            return Problem.decode(Bytes.wrap(body));
        } catch (MalformedMessageException e) {
            return UNEXPLAINED;
        }
    }
}
