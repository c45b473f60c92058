package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * What the node that runs with some settings, on this machine, says at {@code /readyz}. Immutable.
 *
 * @param unready why it is not ready, if it is not
 */
record OwnReadiness(Optional<String> unready) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK = 200;

    /**
     * Asks.
     *
     * @param listen where it listens
     * @param tls its own key, which nobody else shows
     * @throws IOException if no such node answers there
     */
    static OwnReadiness ask(InetSocketAddress listen, KeyPair tls) throws IOException {
        HttpClient client = PinnedHttp.client(tls, tls.publicKey()::equals, PATIENCE);
        InetAddress address = listen.getAddress();
        String host = address == null || address.isAnyLocalAddress() ? "127.0.0.1" : literal(address);
        HttpRequest question = HttpRequest.newBuilder(
                        URI.create("https://" + host + ":" + listen.getPort() + "/readyz"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(question, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == OK) {
                return new OwnReadiness(Optional.empty());
            }
            Problem problem = Problem.decode(Bytes.wrap(answer.body()));
            return new OwnReadiness(Optional.of(problem.detail().isEmpty() ? problem.code() : problem.detail()));
        } catch (MalformedMessageException e) {
            throw new IOException("something else answers there", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text.replaceFirst("%.*", "") + "]" : text;
    }
}
