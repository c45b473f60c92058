package dev.latchkey.cloud.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
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
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * Reads from a cloud node over HTTPS; each call blocks. To a server whose key it does not know it sends only the open
 * questions, which chains there are and what their policies; what else it asks, it asks a replica that the policy names.
 */
final class NodeClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_POLICY_BYTES = 4 << 20;
    private static final int MAX_LIST_BYTES = 1 << 20;
    private static final int OK = 200;

    private final URI node;
    private final KeyPair tls;
    private final EcVerifier verifier;
    private final HttpClient walking;

    /**
     * Makes a client; nothing is sent yet.
     *
     * @param node {@code https://host:port}
     * @param tls the dtls key of the member who asks
     */
    NodeClient(URI node, KeyPair tls, EcVerifier verifier) {
        this.node = node;
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

    /** The chains that the node says it orders. */
    List<ChainId> chains() throws IOException, InterruptedException, MalformedSourceException {
        Bytes answer = whole(get(walking, "/v1/chains"), MAX_LIST_BYTES);
        try {
            List<ChainId> chains = new ArrayList<>();
            for (Item item : Cbor.decode(answer, MAX_LIST_BYTES).asArray()) {
                chains.add(new ChainId(Digest.of(item.asArray(3).get(0).asBytes(Digest.SIZE))));
            }
            return chains;
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("the node's list of chains is malformed", e);
        }
    }

    /** A client that talks only to the replicas that the chain's policy names, walked from the chain id. */
    HttpClient pinned(ChainId chain) throws IOException, InterruptedException, MalformedSourceException {
        Bytes answer = whole(get(walking, "/v1/chains/" + chain.toHex() + "/policy?from=0"), MAX_POLICY_BYTES);
        try {
            List<Bytes> transactions = new ArrayList<>();
            for (Item item : Cbor.decodeSequence(answer, MAX_POLICY_BYTES)) {
                transactions.add(item.asBytes());
            }
            Policy policy = PolicyChain.verify(chain, transactions, verifier).policy();
            Set<CoseKey> replicas =
                    policy.replicas().nodes().stream().map(Policy.Replica::tls).collect(Collectors.toUnmodifiableSet());
            return client(replicas::contains);
        } catch (MalformedCborException | ProofException e) {
            throw new MalformedSourceException("the node's policy does not belong to the chain", e);
        }
    }

    /** The body of a successful answer. */
    InputStream get(HttpClient client, String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(node.resolve(path)).timeout(PATIENCE).build();
        HttpResponse<InputStream> response;
        try {
            response = client.send(request, BodyHandlers.ofInputStream());
        } catch (ConnectException e) {
            throw new IOException("cannot reach the node at " + node, e);
        } catch (SSLException e) {
            throw new IOException("the server at " + node + " is no replica of the chain, or breaks TLS 1.3", e);
        }
        if (response.statusCode() != OK) {
            throw new IOException(
                    "the node refuses with " + response.statusCode() + ": " + problem(whole(response.body(), 4_096)));
        }
        return response.body();
    }

    static Bytes whole(InputStream body, int max) throws IOException {
        try (body) {
            byte[] bytes = body.readNBytes(max);
            if (body.read() >= 0) {
                throw new IOException("the node's answer is longer than it may be");
            }
            return Bytes.wrap(bytes);
        }
    }

    private static String problem(Bytes body) {
        try {
            Problem problem = Problem.decode(body);
            return problem.code() + ", " + problem.detail();
        } catch (MalformedMessageException e) {
            return "without a reason";
        }
    }
}
