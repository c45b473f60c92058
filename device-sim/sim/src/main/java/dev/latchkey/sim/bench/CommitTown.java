package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.KeyFile;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.sim.network.HandOverFile;
import dev.latchkey.sim.network.LocalNetwork;
import dev.latchkey.sim.process.Launcher;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/**
 * A cloud node as a process, or several that are a cluster, and clients that show the keys of its network's gateway: they post joins and batches of
 * readings, as a gateway does. Thread-safe.
 */
final class CommitTown implements AutoCloseable {
    /** Of each join: its sig, its dtls and its voucher's key; and the admin's over the voucher, which is its own too. */
    static final int SIGNATURES_OF_A_JOIN = 4;

    private static final int USES = 1_000_000;
    private static final int LOG_OFFSET = 1_000;
    private static final int MAX_API_PORT = 64_000;
    private static final int MAX_ANSWER_BYTES = 64 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** What one client may ask for is not what is measured. */
    private static final String SETTINGS = """

            mailboxes.messages = 100000000
            mailboxes.network-messages = 100000000
            """;

    private final Path directory;
    private final LocalNetwork network;
    private final Path serverKey;
    private final HandOver handOver;
    private final KeyPair gateway;
    private final Signer admin;
    private final Instant notAfter = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger names = new AtomicInteger();
    private final HttpClient http;

    private CommitTown(Path directory, LocalNetwork network, Path serverKey) throws IOException, InterruptedException {
        this.directory = directory;
        this.network = network;
        this.serverKey = serverKey;
        this.handOver = HandOverFile.read(network.voucher("bench-voucher", USES, "d-*", 1));
        this.gateway = KeyFile.read(network.path("gateway/keys/dtls.pem"));
        this.admin = QuickKey.of(
                IdentityDirectory.load(network.path("operator/admin")).sig());
        this.http = client();
    }

    /** Starts so many processes; {@link #close} stops them and removes the directory. */
    static CommitTown start(Launcher launcher, int nodes) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("latchkey-bench-");
        List<HostPort> clouds = nodes == 1 ? List.of(LocalNetwork.anyPort()) : addresses(nodes);
        LocalNetwork network =
                LocalNetwork.init(launcher, directory, "city", "seattle", clouds, LocalNetwork.anyPort());
        // Where it fails, the directory stays, with the log of the node.
        try {
            for (int i = 1; i <= nodes; i++) {
                Path settings = network.path(nodes == 1 ? "cloud/cloud.conf" : "cloud-" + i + "/cloud.conf");
                Files.writeString(settings, SETTINGS, StandardOpenOption.APPEND);
            }
            if (nodes == 1) {
                network.startCloud();
            } else {
                network.startCluster(nodes);
            }
            return new CommitTown(directory, network, network.path(nodes == 1 ? "cloud/tls.pem" : "cloud-1/tls.pem"));
        } catch (IOException | InterruptedException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** Free ports whose neighbours for the log, 1,000 above, are free too. */
    private static List<HostPort> addresses(int nodes) throws IOException {
        List<HostPort> found = new ArrayList<>();
        while (found.size() < nodes) {
            try (ServerSocket api = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = api.getLocalPort();
                if (port < MAX_API_PORT && isFree(port + LOG_OFFSET)) {
                    found.add(new HostPort("127.0.0.1", port));
                }
            }
        }
        return found;
    }

    private static boolean isFree(int port) {
        try (ServerSocket log = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return log.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** A client with a connection of its own. */
    private HttpClient client() throws IOException {
        KeyPair server = KeyFile.read(serverKey);
        SSLContext context = PinnedTls.client(gateway, server.publicKey()::equals);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(context)
                .sslParameters(PinnedTls.clientParameters(context))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://" + network.cloud().address("https") + path))
                .timeout(LONGEST);
    }

    private String chain() {
        return handOver.chain().toHex();
    }

    /** Somebody who is to join. */
    Identity identity() {
        return Identity.generate(random);
    }

    /** A new name. */
    String name() {
        return "d-" + names.incrementAndGet();
    }

    SignedTransaction join(String name, Identity identity) {
        Join join = new Join(name, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.of(handOver.voucher()));
        return TransactionSigning.joinByVoucher(join, handOver.chain(), identity, handOver.voucherKey());
    }

    /** Joins of so many, each with a voucher of its own, made on all cores. */
    List<Bytes> joins(int count) {
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> joinByOwnVoucher(name()))
                .toList();
    }

    private Bytes joinByOwnVoucher(String name) {
        QuickKey sig = QuickKey.generate();
        QuickKey dtls = QuickKey.generate();
        QuickKey voucherKey = QuickKey.generate();
        byte[] id = new byte[Voucher.ID_BYTES];
        random.nextBytes(id);
        Voucher voucher =
                Voucher.issue(handOver.chain(), Bytes.wrap(id), name, 1, notAfter, voucherKey.publicKey(), admin);
        MemberKeys keys = new MemberKeys(sig.publicKey(), QuickKey.generate().publicKey(), dtls.publicKey());
        Join join = new Join(name, 1, Role.MEMBER, keys, Optional.empty(), Optional.of(voucher));
        return TransactionSigning.of(join, handOver.chain())
                .by(sig)
                .possessedBy(dtls)
                .by(voucherKey)
                .finish()
                .encode();
    }

    /** Posts transactions; completes when each has its receipt. */
    CompletableFuture<Void> post(List<Bytes> transactions) {
        HttpRequest request = request("/v1/chains/" + chain() + "/transactions")
                .header("Content-Type", "application/cbor-seq")
                .POST(BodyPublishers.ofByteArray(
                        Bytes.concat(transactions.toArray(Bytes[]::new)).toArray()))
                .build();
        return http.sendAsync(request, BodyHandlers.ofByteArray())
                .thenAccept(answer -> requireAccepted(answer, transactions.size()));
    }

    private static void requireAccepted(HttpResponse<byte[]> answer, int count) {
        try {
            for (Item item : Cbor.decode(body(answer), MAX_ANSWER_BYTES).asArray(count)) {
                if (TransactionAnswer.fromItem(item) instanceof TransactionAnswer.Rejected rejected) {
                    throw new IllegalStateException("a join was refused: " + rejected.code());
                }
            }
        } catch (MalformedCborException | MalformedMessageException e) {
            throw new IllegalStateException("the answer is malformed", e);
        }
    }

    private static Bytes body(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the cloud node answered with " + answer.statusCode());
        }
        return Bytes.wrap(answer.body());
    }

    /** CPU time of the whole process of the node that all is posted to, so far. */
    Duration cpu() throws IOException {
        return ProcessHandle.of(network.cloud().pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IOException("the system does not tell a process's CPU time"));
    }

    /** The chain's height. */
    long height() throws IOException, InterruptedException, MalformedCborException {
        HttpRequest request = request("/v1/chains/" + chain()).GET().build();
        return Cbor.decode(body(http.send(request, BodyHandlers.ofByteArray())), MAX_ANSWER_BYTES)
                .asArray()
                .get(3)
                .asUint();
    }

    /** The open stream of blocks from a height on. */
    InputStream blocks(long from) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://"
                        + network.cloud().address("https") + "/v1/chains/" + chain() + "/blocks?follow=1&from=" + from))
                .GET()
                .build();
        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IOException("the cloud node answered with " + answer.statusCode());
        }
        return answer.body();
    }

    /** Members who send to each other in the name of this gateway. */
    List<Sender> senders(int count) throws Exception {
        List<Sender> senders = new ArrayList<>();
        List<Bytes> joins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Sender sender = new Sender(name(), identity());
            senders.add(sender);
            joins.add(join(sender.name, sender.identity).encode());
        }
        post(joins).get();
        return senders;
    }

    /** A member with a session; for one thread. */
    final class Sender {
        private static final int SESSION_READINGS = 65_536;

        private final String name;
        private final Identity identity;
        private Digest session = Digest.ZERO;
        private int counter = SESSION_READINGS;

        Sender(String name, Identity identity) {
            this.name = name;
            this.identity = identity;
        }

        String name() {
            return name;
        }

        Bytes ticket() {
            return ServeTicket.issue(
                            handOver.chain(),
                            name,
                            handOver.gatewayName(),
                            Instant.now().plusSeconds(3600),
                            identity.sig())
                    .encode();
        }

        /** In the form of a sealed reading; the cloud cannot tell that nobody can open it. */
        MessageBatch.Message reading(long sequence, long height, Sender recipient, int ciphertextBytes) {
            if (counter == SESSION_READINGS) {
                byte[] fresh = new byte[Digest.SIZE];
                random.nextBytes(fresh);
                session = Digest.of(Bytes.wrap(fresh));
                counter = 0;
            }
            Bytes partialIv =
                    counter < 256 ? Bytes.of((byte) counter) : Bytes.of((byte) (counter >> 8), (byte) counter);
            counter++;
            byte[] ciphertext = new byte[ciphertextBytes];
            random.nextBytes(ciphertext);
            Bytes reading = Cbor.encode(Cbor.array(
                    Cbor.bytes(Bytes.EMPTY),
                    Cbor.map(
                            Cbor.uint(4), Cbor.bytes(session.bytes().slice(0, 4)), Cbor.uint(6), Cbor.bytes(partialIv)),
                    Cbor.bytes(Bytes.wrap(ciphertext))));
            return new MessageBatch.Message(
                    sequence,
                    name,
                    session,
                    height,
                    System.currentTimeMillis(),
                    ContentFormat.COSE_ENCRYPT0,
                    reading,
                    List.of(recipient.name));
        }
    }

    /** Posts an encoded batch; completes when its readings are in their mailboxes. */
    CompletableFuture<Void> deliver(Bytes batch) {
        HttpRequest request = request("/v1/messages?chain=" + chain())
                .POST(BodyPublishers.ofByteArray(batch.toArray()))
                .build();
        return http.sendAsync(request, BodyHandlers.ofByteArray()).thenAccept(answer -> {
            try {
                BatchAnswer taken = BatchAnswer.decode(body(answer));
                if (!taken.refused().isEmpty()) {
                    throw new IllegalStateException(
                            "a reading was refused: " + taken.refused().get(0).code());
                }
            } catch (MalformedMessageException e) {
                throw new IllegalStateException("the answer is malformed", e);
            }
        });
    }

    @Override
    public void close() throws IOException {
        network.close();
        LocalNetwork.delete(directory);
    }
}
