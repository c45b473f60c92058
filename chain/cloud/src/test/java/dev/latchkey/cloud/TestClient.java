package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;

/** A real HTTPS client with one chain key. */
final class TestClient {
    private static final AtomicReference<ApiDocument> DOCUMENT = new AtomicReference<>();

    private final HttpClient http;
    private final TestNetwork network;
    private final InetSocketAddress server;

    TestClient(TestNetwork network, InetSocketAddress server, KeyPair key) {
        this(network, server, key, HttpClient.Version.HTTP_2);
    }

    TestClient(TestNetwork network, InetSocketAddress server, KeyPair key, HttpClient.Version version) {
        this(network, server, network.tls.publicKey(), key, version);
    }

    /** A client of one of several nodes. */
    TestClient(
            TestNetwork network, InetSocketAddress server, CoseKey serverKey, KeyPair key, HttpClient.Version version) {
        this(network, server, PinnedTls.client(key, serverKey::equals), version);
    }

    TestClient(TestNetwork network, InetSocketAddress server, SSLContext context, HttpClient.Version version) {
        this.network = network;
        this.server = server;
        this.http = HttpClient.newBuilder()
                .version(version)
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
    }

    HttpRequest.Builder request(String path) {
        String filled = path.replace("{c}", network.chain.toHex());
        return HttpRequest.newBuilder(
                        URI.create("https://" + server.getAddress().getHostAddress() + ":" + server.getPort() + filled))
                .timeout(Duration.ofSeconds(30));
    }

    /** Every answer that a test gets must stand in the node's own document. */
    HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        document().check(request.method(), request.uri().getPath(), answer);
        return answer;
    }

    /** The document, which is the same on every node of this version. */
    ApiDocument document() throws IOException, InterruptedException {
        ApiDocument known = DOCUMENT.get();
        if (known == null) {
            HttpRequest question = request("/v1/openapi.json").GET().build();
            try {
                known = new ApiDocument(
                        http.send(question, BodyHandlers.ofByteArray()).body());
            } catch (IOException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("the document is not readable", e);
            }
            DOCUMENT.set(known);
        }
        return known;
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    HttpResponse<byte[]> post(String path, Bytes body) throws IOException, InterruptedException {
        return send(
                request(path).POST(BodyPublishers.ofByteArray(body.toArray())).build());
    }

    /** The body of a successful answer. */
    Bytes body(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(path);
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode() + " for " + path);
        }
        return Bytes.wrap(response.body());
    }

    /** The open stream of a successful answer. */
    InputStream stream(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }

    List<TransactionAnswer> submit(SignedTransaction... transactions) throws Exception {
        Bytes body = Bytes.concat(
                Arrays.stream(transactions).map(SignedTransaction::encode).toArray(Bytes[]::new));
        HttpResponse<byte[]> response = post("/v1/chains/{c}/transactions", body);
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode() + " " + code(response));
        }
        List<TransactionAnswer> answers = new ArrayList<>();
        for (Item item : Cbor.decode(Bytes.wrap(response.body()), 64 << 20).asArray()) {
            answers.add(TransactionAnswer.fromItem(item));
        }
        return answers;
    }

    static String code(HttpResponse<byte[]> response) throws Exception {
        return Problem.decode(Bytes.wrap(response.body())).code();
    }
}
