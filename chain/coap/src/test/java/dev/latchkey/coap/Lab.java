package dev.latchkey.coap;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback with a directory to write into, and clients for it; all closed together. */
final class Lab implements AutoCloseable, PeerDirectory {
    static final SecureRandom RANDOM = new SecureRandom();
    static final Bytes PSK = Bytes.utf8("0123456789abcdef0123456789abcdef");
    static final ClientOptions QUICK = ClientOptions.DEFAULT
            .withRetransmission(Duration.ofMillis(500), 2)
            .withHandshake(Duration.ofMillis(500), 2)
            .withRequestTimeout(Duration.ofSeconds(8));

    final KeyPair serverKey = KeyPair.generate(RANDOM);
    final Map<CoseKey, Object> members = new ConcurrentHashMap<>();
    final Map<String, Object> vouchers = new ConcurrentHashMap<>();
    final AtomicInteger keyLookUps = new AtomicInteger();
    final ClientThreads threads = new ClientThreads(2);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    CoapsServer server;

    CoapsServer.Builder builder() {
        return CoapsServer.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .identity(serverKey)
                .peers(this)
                .threads(2);
    }

    Lab start(CoapsServer.Builder builder) throws IOException {
        server = builder.start();
        open.push(server);
        return this;
    }

    KeyPair member(String name) {
        KeyPair key = KeyPair.generate(RANDOM);
        members.put(key.publicKey(), name);
        return key;
    }

    CoapsClient client(KeyPair key) throws IOException {
        return client(new ClientIdentity.RawKey(key), server.address(), QUICK);
    }

    CoapsClient client(ClientIdentity identity, InetSocketAddress address, ClientOptions options) throws IOException {
        return closing(CoapsClient.connect(address, identity, serverKey.publicKey()::equals, options, threads));
    }

    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public Optional<Object> byKey(CoseKey dtlsKey) {
        keyLookUps.incrementAndGet();
        return Optional.ofNullable(members.get(dtlsKey));
    }

    @Override
    public Optional<PskGrant> byIdentity(String identity) {
        String voucher = identity.split("\\.")[0];
        return Optional.ofNullable(vouchers.get(voucher)).map(handle -> new PskGrant(PSK, handle));
    }

    /** Handshakes with a known key: each asks at its start and at its end. */
    int handshakes() {
        return keyLookUps.get() / 2;
    }

    static CompletionStage<CoapResponse> now(CoapResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    static CompletionStage<CoapResponse> text(String text) {
        return now(CoapResponse.content(0, Bytes.utf8(text)));
    }

    static CoapResponse await(CompletableFuture<CoapResponse> response) throws Exception {
        return response.get(30, TimeUnit.SECONDS);
    }

    static String text(CoapResponse response) {
        return response.payload().toUtf8();
    }

    static String problem(CoapResponse response) throws Exception {
        if (response.contentFormat().orElse(-1) != 257) {
            throw new AssertionError("no problem details");
        }
        return Problem.decode(response.payload()).code();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new AssertionError("closing failed", e);
            }
        }
        threads.close();
    }
}
