package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.TransactionAnswer.Accepted;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may do what over HTTPS: every role tries every method of every route that the server says it has. What does not
 * stand in the table must be refused, and a route that is not in the table fails the test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiAccessTest {
    private enum Who {
        NOBODY,
        STRANGER,
        MEMBER,
        OWNER,
        GATEWAY,
        GATEWAY_WITH_TICKET,
        ADMIN,
        AUDITOR,
        REPLICA,
        MOVING,
        SIBLINGS_GATEWAY,
        SUSPENDED,
        REVOKED,
        LEFT
    }

    private static final Set<Who> ALL = EnumSet.allOf(Who.class);
    private static final Set<Who> NONE = EnumSet.noneOf(Who.class);
    private static final Set<Who> WITH_KEY = EnumSet.complementOf(EnumSet.of(Who.NOBODY));
    private static final Set<Who> ACTIVE =
            EnumSet.of(Who.MEMBER, Who.OWNER, Who.GATEWAY, Who.GATEWAY_WITH_TICKET, Who.ADMIN, Who.AUDITOR);
    private static final Set<Who> KNOWN = with(ACTIVE, Who.REPLICA, Who.MOVING, Who.SIBLINGS_GATEWAY);
    private static final Set<Who> BLOCKS =
            EnumSet.of(Who.GATEWAY, Who.GATEWAY_WITH_TICKET, Who.ADMIN, Who.AUDITOR, Who.REPLICA);
    private static final Set<Who> GATEWAYS = EnumSet.of(Who.GATEWAY, Who.GATEWAY_WITH_TICKET);
    private static final Set<Who> BOX = EnumSet.of(Who.OWNER, Who.GATEWAY_WITH_TICKET);

    /**
     * One method of one route.
     *
     * @param query what makes the request harmless, or a good question
     * @param allowed who gets the answer; all others are forbidden
     */
    private record Rule(String method, String template, String query, Set<Who> allowed, String answer) {
        String answerTo(Who who) {
            if (allowed.contains(who)) {
                return answer;
            }
            return template.contains("{name}") && template.contains("mailboxes") && who == Who.GATEWAY
                    ? "403 not-served"
                    : "403 forbidden";
        }
    }

    private static final String BOXES = "/v1/mailboxes/{c}/{name}";
    private static final List<Rule> TABLE = List.of(
            new Rule("GET", "/healthz", "", ALL, "200"),
            new Rule("GET", "/readyz", "", ALL, "200"),
            new Rule("GET", "/metrics", "", ALL, "200"), // from this machine
            new Rule("GET", "/v1/openapi.json", "", ALL, "200"),
            new Rule("GET", "/v1/cluster", "", ALL, "200"), // from this machine
            new Rule("GET", "/v1/backup", "", EnumSet.of(Who.REPLICA), "200"),
            new Rule("POST", "/v1/cluster/{group}/members", "", NONE, "204"), // members, and this node is alone
            new Rule("DELETE", "/v1/cluster/{group}/members/{id}", "", NONE, "204"),
            new Rule("POST", "/v1/cluster/{group}/leader", "", NONE, "204"),
            new Rule("POST", "/v1/cluster/{group}/entries", "", NONE, "200"),
            new Rule("POST", "/v1/cluster/{group}/marks", "", NONE, "200"),
            new Rule("GET", "/v1/chains", "", ALL, "200"),
            new Rule("POST", "/v1/chains", "", WITH_KEY, "400 malformed"),
            new Rule("GET", "/v1/chains/{c}", "", ALL, "200"),
            new Rule("GET", "/v1/chains/{c}/policy", "", ALL, "200"),
            new Rule("GET", "/v1/chains/{c}/checkpoint", "", ALL, "200"),
            new Rule("GET", "/v1/chains/{c}/consistency", "?a=0", ALL, "200"),
            new Rule("GET", "/v1/chains/{c}/blocks", "?from=0&to=0", BLOCKS, "200"),
            new Rule("GET", "/v1/chains/{c}/keys", "?names=owner", KNOWN, "200"),
            new Rule("GET", "/v1/chains/{c}/keys/{name}", "", KNOWN, "200"),
            new Rule("GET", "/v1/chains/{c}/keys/{name}/history", "", KNOWN, "200"),
            new Rule("GET", "/v1/chains/{c}/headers/{height}", "", KNOWN, "200"),
            new Rule("GET", "/v1/chains/{c}/receipts/{txid}", "", KNOWN, "404 unknown-transaction"),
            new Rule("POST", "/v1/chains/{c}/cosignatures", "", WITH_KEY, "400 malformed"),
            new Rule("POST", "/v1/chains/{c}/signatures", "", NONE, "200"), // members, and this node is alone
            new Rule("POST", "/v1/chains/{c}/evidence", "", WITH_KEY, "400 malformed"),
            new Rule("POST", "/v1/chains/{c}/transactions", "", with(ACTIVE, Who.REPLICA, Who.SIBLINGS_GATEWAY), "200"),
            new Rule("POST", "/v1/messages", "?chain={c}", GATEWAYS, "400 malformed"),
            new Rule("GET", BOXES, "", BOX, "200"),
            new Rule("GET", BOXES + "/state", "", BOX, "200"),
            new Rule("DELETE", BOXES, "?upto=0", BOX, "204"),
            new Rule("POST", "/v1/mailboxes/{c}/follow", "", GATEWAYS, "400 malformed"));

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND");

    private final TestNetwork network = new TestNetwork();
    private final TestNetwork tacoma = network.sibling("tacoma");
    private final Map<Who, TestClient> clients = new EnumMap<>(Who.class);
    private CloudNode node;
    private String ticket;

    private static Set<Who> with(Set<Who> some, Who... more) {
        Set<Who> all = EnumSet.copyOf(some);
        all.addAll(List.of(more));
        return all;
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        node = network.start(directory);
        TestClient operator = client(TestNetwork.key());
        assertThat(operator.post("/v1/chains", tacoma.genesis.encode()).statusCode())
                .isEqualTo(201);
        Policy.Sibling sibling =
                new Policy.Sibling(tacoma.chain, "tacoma", 1, List.of(tacoma.replica.publicKey()), true);
        accepted(operator, network.change(network.firstPolicy(), policy -> TestNetwork.withSiblings(policy, sibling)));
        Map<Who, Identity> identities = new EnumMap<>(Who.class);
        for (Who who : EnumSet.of(Who.MEMBER, Who.OWNER, Who.MOVING, Who.SUSPENDED, Who.REVOKED, Who.LEFT)) {
            Identity identity = Identity.generate(TestNetwork.RANDOM);
            identities.put(who, identity);
            accepted(client(identity.dtls()), network.join(name(who), identity, network.voucher()));
            clients.put(who, client(identity.dtls()));
        }
        clients.put(Who.AUDITOR, endorsed(operator, Role.AUDITOR, "auditor"));
        clients.put(Who.GATEWAY, endorsed(operator, Role.GATEWAY, "gw-2"));
        clients.put(Who.GATEWAY_WITH_TICKET, client(network.gateway.dtls()));
        clients.put(Who.SIBLINGS_GATEWAY, client(tacoma.gateway.dtls()));
        clients.put(Who.ADMIN, client(network.admin.dtls()));
        clients.put(Who.REPLICA, client(network.tls));
        clients.put(Who.STRANGER, client(TestNetwork.key()));
        clients.put(Who.NOBODY, new TestClient(network, node.address(), Anybody.context(), HttpClient.Version.HTTP_2));
        ticket = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(network.ticket(name(Who.OWNER), identities.get(Who.OWNER), "gw-1")
                        .toArray());
        accepted(operator, signed(new Standing(Standing.Act.SUSPEND, name(Who.SUSPENDED), 2), network.operator));
        accepted(operator, signed(new Standing(Standing.Act.REVOKE, name(Who.REVOKED), 2), network.operator));
        accepted(
                clients.get(Who.LEFT),
                signed(new Leave(name(Who.LEFT), 2), identities.get(Who.LEFT).sig()));
        long deadline = System.currentTimeMillis() + 1_800_000;
        accepted(
                clients.get(Who.MOVING),
                signed(
                        new RelocateOut(name(Who.MOVING), 2, tacoma.chain, "moved", deadline),
                        identities.get(Who.MOVING).sig()));
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void everyRouteStandsInTheTableAndTheOtherWayRound() throws Exception {
        Set<String> served = new TreeSet<>();
        clients.get(Who.STRANGER)
                .document()
                .operations()
                .forEach(each -> served.add(each.method() + " " + each.template()));
        Set<String> ruled = new TreeSet<>();
        TABLE.forEach(rule -> ruled.add(rule.method() + " " + rule.template()));
        assertThat(ruled).isEqualTo(served);
    }

    @Test
    void everyRoleReachesWhatTheTableAllowsAndNothingElse() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Who who : Who.values()) {
            for (Rule rule : TABLE) {
                String got = answer(who, rule.method(), rule.template() + rule.query());
                if (!got.equals(rule.answerTo(who))) {
                    wrong.add(who + " " + rule.method() + " " + rule.template() + ": " + got + ", not "
                            + rule.answerTo(who));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void otherMethodsAreRefusedForEverybody() throws Exception {
        Set<String> templates = new TreeSet<>();
        TABLE.forEach(rule -> templates.add(rule.template()));
        for (Who who : List.of(Who.NOBODY, Who.ADMIN)) {
            for (String template : templates) {
                List<String> own = TABLE.stream()
                        .filter(rule -> path(rule.template()).equals(path(template))
                                || template.endsWith("/follow")
                                        && rule.template().equals(BOXES))
                        .map(Rule::method)
                        .toList();
                for (String method : METHODS) {
                    if (!own.contains(method)) {
                        assertThat(answer(who, method, template))
                                .as("%s %s", method, template)
                                .startsWith("405");
                    }
                }
            }
        }
    }

    /** Status and, of a refusal, its code. */
    private String answer(Who who, String method, String template) throws Exception {
        TestClient client = clients.get(who);
        HttpRequest.Builder request = client.request(path(template));
        if (who == Who.GATEWAY_WITH_TICKET && template.contains("mailboxes")) {
            request.header("Latchkey-Serve-Ticket", ticket);
        }
        boolean body = method.equals("POST");
        Bytes notMuch = Cbor.encode(Cbor.array(Cbor.uint(1)));
        HttpResponse<byte[]> answer = client.send(
                request.method(method, body ? BodyPublishers.ofByteArray(notMuch.toArray()) : BodyPublishers.noBody())
                        .build());
        return answer.statusCode() < 400 || answer.body().length == 0
                ? Integer.toString(answer.statusCode())
                : answer.statusCode() + " " + TestClient.code(answer);
    }

    private static String path(String template) {
        return template.replace("{group}", "chains")
                .replace("{id}", "n9")
                .replace("{name}", "owner")
                .replace("{height}", "0")
                .replace("{txid}", "00".repeat(32));
    }

    private TestClient endorsed(TestClient operator, Role role, String name) throws Exception {
        Identity identity = Identity.generate(TestNetwork.RANDOM);
        Join join = new Join(name, 1, role, identity.keys(), Optional.empty(), Optional.empty());
        accepted(operator, TransactionSigning.joinEndorsed(join, network.chain, identity, List.of(network.operator)));
        return client(identity.dtls());
    }

    private SignedTransaction signed(Transaction transaction, KeyPair key) {
        return TransactionSigning.of(transaction, network.chain).by(key).finish();
    }

    private static void accepted(TestClient client, SignedTransaction transaction) throws Exception {
        assertThat(client.submit(transaction).get(0)).isInstanceOf(Accepted.class);
    }

    private TestClient client(KeyPair key) {
        return new TestClient(network, node.address(), key);
    }

    private static String name(Who who) {
        return who.name().toLowerCase(Locale.ROOT);
    }
}
