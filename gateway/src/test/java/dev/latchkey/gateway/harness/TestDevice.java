package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.Observation;
import dev.latchkey.coap.ServerCheck;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.envelope.Addressee;
import dev.latchkey.envelope.Author;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.envelope.SessionEndedException;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.InboxEntry;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import dev.latchkey.protocol.ServeTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A device with a DTLS connection to a gateway; asks and seals, and judges nothing by itself but proofs. */
public final class TestDevice implements AutoCloseable {
    private static final ClientOptions OPTIONS =
            ClientOptions.DEFAULT.withRequestTimeout(Duration.ofSeconds(20)).withHandshake(Duration.ofMillis(500), 5);

    public final String name;
    public final Identity identity;
    private final TestNetwork network;
    private final CoapsClient client;

    private TestDevice(String name, Identity identity, TestNetwork network, CoapsClient client) {
        this.name = name;
        this.identity = identity;
        this.network = network;
        this.client = client;
    }

    /** Connects with a member's raw public key. */
    public static TestDevice member(
            String name, Identity identity, TestNetwork network, InetSocketAddress gateway, ClientThreads threads)
            throws IOException {
        return member(name, identity, network, gateway, OPTIONS, threads);
    }

    /** The same with other waits. */
    public static TestDevice member(
            String name,
            Identity identity,
            TestNetwork network,
            InetSocketAddress gateway,
            ClientOptions options,
            ClientThreads threads)
            throws IOException {
        return member(name, identity, network, gateway, network.gateway.dtls().publicKey()::equals, options, threads);
    }

    /** The same with another view of which key is the gateway's. */
    public static TestDevice member(
            String name,
            Identity identity,
            TestNetwork network,
            InetSocketAddress gateway,
            ServerCheck check,
            ClientOptions options,
            ClientThreads threads)
            throws IOException {
        ClientIdentity own = new ClientIdentity.RawKey(identity.dtls());
        return new TestDevice(name, identity, network, CoapsClient.connect(gateway, own, check, options, threads));
    }

    /** Connects with the pre-shared key of a voucher. */
    public static TestDevice holder(
            Voucher voucher, TestNetwork network, InetSocketAddress gateway, ClientThreads threads) throws IOException {
        return holder(voucher.id(), network, gateway, threads);
    }

    /** Connects with the pre-shared key of an enrolment. */
    public static TestDevice holder(
            Bytes enrolmentId, TestNetwork network, InetSocketAddress gateway, ClientThreads threads)
            throws IOException {
        ClientIdentity psk = new ClientIdentity.Psk(
                Enrolment.identity(enrolmentId, network.randomBytes(4)),
                Enrolment.presharedKey(network.enrolmentSecret, enrolmentId));
        return new TestDevice(
                "",
                Identity.generate(network.random),
                network,
                CoapsClient.connect(gateway, psk, key -> true, OPTIONS, threads));
    }

    /** What is behind it. */
    public CoapsClient client() {
        return client;
    }

    public CoapResponse send(ClientRequest request) throws Exception {
        return client.send(request).get(30, TimeUnit.SECONDS);
    }

    public CoapResponse get(String path) throws Exception {
        return send(ClientRequest.get(path));
    }

    public CoapResponse post(String path, int contentFormat, Bytes body) throws Exception {
        return send(ClientRequest.post(path, contentFormat, body));
    }

    /** Has the gateway serve this member. */
    public CoapResponse ticket() throws Exception {
        return ticket(Instant.now().plus(Duration.ofDays(1)));
    }

    /** The same until a moment. */
    public CoapResponse ticket(Instant notAfter) throws Exception {
        ServeTicket ticket = ServeTicket.issue(network.chain, name, "gateway", notAfter, identity.sig());
        return post("/s", ContentFormat.COSE_SIGN1, ticket.encode());
    }

    /** The gateway's checkpoint, checked against nothing but the chain id. */
    public VerifiedCheckpoint checkpoint() throws Exception {
        List<Bytes> policies = network.state().policyTransactions();
        try {
            return CheckpointVerifier.verify(
                    get("/h").payload(),
                    PolicyChain.verify(network.chain, policies, StrictEcVerifier.bouncy()),
                    StrictEcVerifier.bouncy());
        } catch (ProofException e) {
            throw new AssertionError(e);
        }
    }

    /** Opens a session bound to the gateway's newest checkpoint, without sending the opener. */
    public Opened open(TestDevice... recipients) throws Exception {
        VerifiedCheckpoint under = checkpoint();
        ChainContext context = new ChainContext(
                network.chain,
                network.chainName,
                under.checkpoint().height(),
                under.checkpoint().blockHash());
        return open(context, recipients);
    }

    public Opened open(ChainContext context, TestDevice... recipients) {
        List<Addressee> addressees = java.util.Arrays.stream(recipients)
                .map(device -> new Addressee(device.name, device.identity.kex().publicKey()))
                .toList();
        return new Author(name, identity.sig(), network.random).open(context, addressees, Instant.now(), state -> {});
    }

    /** Opens a session at the gateway. */
    public SendingSession session(TestDevice... recipients) throws Exception {
        Opened opened = open(recipients);
        CoapResponse response = post("/m", ContentFormat.COSE_SIGN1, opened.opener());
        if (!response.code().isSuccess()) {
            throw new AssertionError(response.code() + " " + code(response));
        }
        return opened.session();
    }

    /** A sealed reading; the gateway never looks inside. */
    public static Bytes sealed(SendingSession session, String content) {
        try {
            return session.seal(Bytes.utf8(content)).message();
        } catch (SessionEndedException e) {
            throw new AssertionError(e);
        }
    }

    public List<InboxEntry> inbox(long after) throws Exception {
        return InboxEntry.decodeSequence(
                send(ClientRequest.get("/i").withQuery("c", after)).payload());
    }

    public CoapResponse acknowledge(long upTo) throws Exception {
        return send(ClientRequest.delete("/i").withQuery("u", upTo));
    }

    /** What observing a resource brings, answer by answer. */
    public BlockingQueue<CoapResponse> observe(ClientRequest request) {
        BlockingQueue<CoapResponse> heard = new LinkedBlockingQueue<>();
        client.observe(request, heard::add, failure -> {});
        return heard;
    }

    /** What observing the inbox brings, answer by answer. */
    public BlockingQueue<List<InboxEntry>> observeInbox() {
        BlockingQueue<List<InboxEntry>> heard = new LinkedBlockingQueue<>();
        Observation observation = client.observe(
                ClientRequest.get("/i"),
                response -> {
                    try {
                        heard.add(InboxEntry.decodeSequence(response.payload()));
                    } catch (MalformedMessageException e) {
                        throw new AssertionError(e);
                    }
                },
                failure -> {});
        if (!observation.isActive()) {
            throw new AssertionError("the observation did not begin");
        }
        return heard;
    }

    /** What observing a resource brings, answer by answer. */
    public BlockingQueue<CoapResponse> observe(String path) {
        BlockingQueue<CoapResponse> heard = new LinkedBlockingQueue<>();
        client.observe(ClientRequest.get(path), heard::add, failure -> {});
        return heard;
    }

    /** The problem's code in an answer. */
    public static String code(CoapResponse response) throws MalformedMessageException {
        return Problem.decode(response.payload()).code();
    }

    /** Whether an answer is a refusal with a code. */
    public static boolean isRefused(CoapResponse response, String code) throws MalformedMessageException {
        return !response.code().isSuccess() && code(response).equals(code);
    }

    @Override
    public void close() {
        client.close();
    }
}
