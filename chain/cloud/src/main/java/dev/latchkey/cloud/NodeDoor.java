package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.export.PromptBody;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Asks a running node in its own name: with its TLS key, and of nobody but who holds the same. Stateless. */
final class NodeDoor {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** Also how long the copy of the stores may take, and the longest pause within the answer. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int MAX_PROBLEM_BYTES = 4_096;
    private static final int OK = 200;

    private NodeDoor() {}

    /** The archive of all that a node keeps. */
    static InputStream backup(String address, KeyPair tls) throws IOException {
        SSLContext context = PinnedTls.client(tls, tls.publicKey()::equals);
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + address + "/v1/backup"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != OK) {
                try (InputStream body = response.body()) {
                    throw new IOException("the node refuses: " + reason(body.readNBytes(MAX_PROBLEM_BYTES)));
                }
            }
            return PromptBody.of(response.body(), PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ConnectException e) {
            throw new IOException("no node answers at " + address + ": start it, a backup is made while it serves", e);
        }
    }

    private static String reason(byte[] body) {
        try {
            Problem problem = Problem.decode(Bytes.wrap(body));
            return problem.code() + (problem.detail().isEmpty() ? "" : ", " + problem.detail());
        } catch (MalformedMessageException e) {
            return "without a reason";
        }
    }
}
