package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PinnedTlsTest {
    private final KeyPair server = KeyPair.generate(new SecureRandom());
    private final KeyPair client = KeyPair.generate(new SecureRandom());

    @TempDir
    Path dir;

    @Test
    void eachSideSeesTheOthersKey() throws Exception {
        assertThat(handshake(server, client)).isEqualTo("TLSv1.3");
    }

    @Test
    void refusesAnUnknownServer() {
        assertThatExceptionOfType(SSLException.class)
                .isThrownBy(() -> exchange(
                        PinnedTls.server(server, client.publicKey()::equals),
                        PinnedTls.client(client, client.publicKey()::equals)))
                .withMessageContaining("unknown here");
    }

    @Test
    void refusesAnUnknownClient() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> exchange(
                        PinnedTls.server(server, key -> false), PinnedTls.client(client, server.publicKey()::equals)));
    }

    @Test
    void refusesAClientWithoutACertificate() throws Exception {
        SSLContext anonymous = SSLContext.getInstance("TLSv1.3");
        anonymous.init(null, new TrustManager[] {new PinnedTrust(key -> true)}, null);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> exchange(PinnedTls.server(server, key -> true), anonymous));
    }

    @Test
    void refusesOlderVersions() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> exchange(
                        PinnedTls.server(server, key -> true), PinnedTls.client(client, key -> true), "TLSv1.2"));
    }

    @Test
    void aCertificateOnAnotherCurveIsNotUs() throws Exception {
        Path store = dir.resolve("p384.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp384r1",
                        "-dname",
                        "CN=x",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        assertThat(made.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());

        assertThat(JcaKeys.coseKey(keys.getCertificate("mykey").getPublicKey())).isEmpty();
    }

    @Test
    void theJdksHttpClientTalksToAPinnedServerByAddress() throws Exception {
        SSLContext context = PinnedTls.server(server, client.publicKey()::equals);
        HttpsServer http = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                parameters.setSSLParameters(PinnedTls.serverParameters(context));
            }
        });
        http.createContext("/", exchange -> {
            CoseKey peer = PinnedTls.peerKey(((HttpsExchange) exchange).getSSLSession())
                    .orElseThrow();
            byte[] body = peer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        try {
            URI uri = URI.create("https://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                    + http.getAddress().getPort() + "/");
            assertThat(get(uri, server.publicKey()::equals))
                    .isEqualTo(client.publicKey().toString());
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(uri, key -> false));
        } finally {
            http.stop(0);
        }
    }

    @Test
    void opensslIsAClientLikeAnyOther() throws Exception {
        Path key = dir.resolve("key.pem");
        Path certificate = dir.resolve("certificate.pem");
        KeyFile.write(key, client);
        AtomicFile.write(certificate, KeyFile.certificate(client), AtomicFile.Mode.SHARED);
        SSLContext context = PinnedTls.server(server, client.publicKey()::equals);
        try (SSLServerSocket listening = listen(context)) {
            CompletableFuture<CoseKey> seen = accepting(listening);
            String said = OpenSsl.run(
                    "s_client",
                    "-connect",
                    "127.0.0.1:" + listening.getLocalPort(),
                    "-key",
                    key,
                    "-cert",
                    certificate,
                    "-ign_eof");

            assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo(client.publicKey());
            assertThat(said)
                    .contains("TLSv1.3")
                    .contains("CN = " + server.publicKey().kid());
        }
    }

    private String get(URI uri, Predicate<CoseKey> servers) throws IOException, InterruptedException {
        SSLContext context = PinnedTls.client(client, servers);
        HttpClient http = HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** One connection between two parties that know each other; the version of TLS they spoke. */
    static String handshake(KeyPair server, KeyPair client) throws Exception {
        return exchange(
                PinnedTls.server(server, client.publicKey()::equals),
                PinnedTls.client(client, server.publicKey()::equals));
    }

    private static String exchange(SSLContext server, SSLContext client) throws Exception {
        return exchange(server, client, "TLSv1.3");
    }

    /** The client waits for a byte, since in TLS 1.3 it is through before the server has judged its certificate. */
    private static String exchange(SSLContext server, SSLContext client, String version) throws Exception {
        try (SSLServerSocket listening = listen(server)) {
            CompletableFuture<CoseKey> seen = accepting(listening);
            try (SSLSocket socket = (SSLSocket)
                    client.getSocketFactory().createSocket(listening.getInetAddress(), listening.getLocalPort())) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                assertThat(socket.getInputStream().read()).isEqualTo('!');
                assertThat(seen.get(20, TimeUnit.SECONDS)).isNotNull();
                return socket.getSession().getProtocol();
            }
        }
    }

    private static SSLServerSocket listen(SSLContext context) throws IOException {
        SSLServerSocket listening = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listening.setSSLParameters(PinnedTls.serverParameters(context));
        return listening;
    }

    private static CompletableFuture<CoseKey> accepting(SSLServerSocket listening) {
        return CompletableFuture.supplyAsync(() -> {
            try (SSLSocket socket = (SSLSocket) listening.accept()) {
                socket.startHandshake();
                CoseKey key = PinnedTls.peerKey(socket.getSession()).orElseThrow();
                socket.getOutputStream().write('!');
                return key;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
