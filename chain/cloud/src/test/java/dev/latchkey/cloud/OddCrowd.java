package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cloud.odd.Choices;
import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.FollowRequest;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.Problem;
import dev.latchkey.transaction.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * A cluster of one and all kinds of clients that ask it odd things over TLS. Whatever they ask, there is an answer within
 * its time; a refusal is a problem that the API's document knows, and never a fault of the node. For one thread.
 */
final class OddCrowd implements AutoCloseable {
    private final TestCluster cluster;
    private final TestNetwork network;
    private final Identity owner = Identity.generate(TestNetwork.RANDOM);
    private final List<PlainCaller> callers = new ArrayList<>();
    private final OddCalls calls;
    private final Set<String> known;
    private final TestClient gateway;
    private final Map<String, Integer> answers = new TreeMap<>();

    OddCrowd(Path directory) throws Exception {
        cluster = new TestCluster(directory, 1, 1);
        network = cluster.network;
        cluster.startAll();
        gateway = cluster.client(0, network.gateway.dtls());
        gateway.submit(network.join("owner", owner, network.voucher()));
        known = gateway.document().problems();
        InetSocketAddress server = HostPort.parse(cluster.member(0).api()).address();
        for (KeyPair key : List.of(
                network.gateway.dtls(), owner.dtls(), network.admin.dtls(), cluster.key(0), TestNetwork.key())) {
            callers.add(new PlainCaller(PinnedTls.client(key, any -> true), server));
        }
        SSLContext nobody = Anybody.context();
        callers.add(new PlainCaller(nobody, server));
        Bytes ticket = network.ticket("owner", owner, "gw-1");
        calls = new OddCalls(
                network.chain.toHex(),
                samples(ticket),
                Base64.getUrlEncoder().withoutPadding().encodeToString(ticket.toArray()));
    }

    private List<OddCalls.Sample> samples(Bytes ticket) throws Exception {
        List<OddCalls.Sample> samples = new ArrayList<>();
        gateway.document().operations().stream()
                .filter(each -> each.method().equals("GET") || each.template().contains("mailboxes"))
                .filter(each -> !each.method().equals("POST"))
                .forEach(each -> samples.add(new OddCalls.Sample(each.method(), each.template(), Bytes.EMPTY)));
        Digest session = Digest.sha256(Bytes.utf8("session"));
        MessageBatch.Message message = new MessageBatch.Message(
                1,
                "owner",
                session,
                1,
                System.currentTimeMillis(),
                ContentFormat.COSE_ENCRYPT0,
                Readings.reading(session, 0, "a"),
                List.of("owner", "gw-1"));
        Bytes batch = new MessageBatch(Bytes.fromHex("0102030405060708"), List.of(ticket), List.of(message)).encode();
        Bytes member = Cbor.encode(Cbor.array(
                Cbor.text("n9"),
                Cbor.text("no address"),
                Cbor.text("127.0.0.1:9"),
                Cbor.text(PublicKeys.text(TestNetwork.key().publicKey()))));
        Bytes join = network.join("d-new", Identity.generate(TestNetwork.RANDOM), network.voucher())
                .encode();
        Bytes checkpoint = gateway.body("/v1/chains/{c}/checkpoint");
        samples.add(post(
                "/v1/chains/{c}/transactions",
                Bytes.concat(join, network.change(network.firstPolicy(), p -> p).encode())));
        samples.add(post("/v1/chains/{c}/transactions", join));
        samples.add(post("/v1/chains", network.sibling("tacoma").genesis.encode()));
        samples.add(post("/v1/chains/{c}/cosignatures", checkpoint));
        samples.add(post("/v1/chains/{c}/signatures", checkpoint));
        samples.add(post("/v1/chains/{c}/evidence", gateway.body("/v1/chains/{c}/policy")));
        samples.add(post("/v1/messages?chain={c}", batch));
        samples.add(post(
                "/v1/mailboxes/{c}/follow",
                new FollowRequest(List.of(new FollowRequest.Cursor("owner", 0, ticket))).encode()));
        samples.add(post("/v1/cluster/{group}/members", member));
        samples.add(post("/v1/cluster/{group}/leader", Cbor.encode(Cbor.text("n1"))));
        samples.add(post("/v1/cluster/{group}/entries", batch));
        return samples;
    }

    private static OddCalls.Sample post(String path, Bytes body) {
        return new OddCalls.Sample("POST", path, body);
    }

    /** Sends one request and judges the answer. */
    void next(Choices choices) throws Exception {
        PlainCaller caller = choices.of(callers);
        OddCalls.Asked asked = calls.next(choices);
        try {
            judge(asked, caller.send(asked.whole()));
        } catch (IOException e) {
            throw new AssertionError(
                    "no answer to " + asked.line() + asked.whole().toHex(), e);
        }
    }

    private void judge(OddCalls.Asked asked, PlainCaller.Reply reply) throws Exception {
        String code = "";
        if (reply.status() >= 400 && !asked.line().startsWith("HEAD ")) {
            code = reply.type().equals("application/problem+json")
                    ? (String)
                            JsonTree.map(JsonTree.read(reply.body().toArray())).get("title")
                    : Problem.decode(reply.body()).code();
        }
        String answer = (reply.status() + " " + code).strip();
        answers.merge(answer, 1, Integer::sum);
        boolean isKnown = reply.status() < 400 || code.isEmpty() || known.contains(answer);
        if (!isKnown || reply.status() == 500) {
            throw new AssertionError(
                    answer + " to " + asked.line() + asked.whole().toHex());
        }
    }

    /** The node serves honest clients. */
    boolean isWell() throws Exception {
        return gateway.get("/readyz").statusCode() == 200
                && gateway.get("/v1/chains/{c}/keys/owner").statusCode() == 200
                && gateway.get("/v1/chains/{c}/checkpoint").statusCode() == 200;
    }

    /** How often which answer came. */
    Map<String, Integer> answers() {
        return answers;
    }

    @Override
    public void close() throws IOException {
        for (PlainCaller caller : callers) {
            caller.close();
        }
        cluster.close();
    }
}
