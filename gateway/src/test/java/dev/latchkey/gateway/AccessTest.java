package dev.latchkey.gateway;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.coap.ServedRoute;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may ask what: every role asks every resource with every method. What does not stand in the table must be refused.
 * What there is to ask is told by the server itself: a route that is not in the table fails the test, linked or not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {
    private enum Who {
        VOUCHER_HOLDER,
        BATCH_TICKET_HOLDER,
        MEMBER,
        GATEWAY,
        ADMIN,
        AUDITOR,
        MOVING,
        MOVED,
        SUSPENDED,
        REVOKED,
        LEFT,
        UNKNOWN_KEY,
        PROVISIONAL,
        REFUSED
    }

    private static final Set<Who> CURRENT = EnumSet.of(Who.MEMBER, Who.GATEWAY, Who.ADMIN, Who.AUDITOR);
    private static final Set<Who> KNOWN =
            EnumSet.of(Who.MEMBER, Who.GATEWAY, Who.ADMIN, Who.AUDITOR, Who.MOVING, Who.MOVED, Who.PROVISIONAL);
    private static final Set<Who> CONNECTED = EnumSet.of(
            Who.VOUCHER_HOLDER,
            Who.BATCH_TICKET_HOLDER,
            Who.MEMBER,
            Who.GATEWAY,
            Who.ADMIN,
            Who.AUDITOR,
            Who.MOVING,
            Who.MOVED,
            Who.PROVISIONAL);
    private static final Set<Who> TALKING =
            EnumSet.of(Who.MEMBER, Who.GATEWAY, Who.ADMIN, Who.AUDITOR, Who.PROVISIONAL);
    /** Those whose handshake is taken: a refused one may learn why, and nothing else. */
    private static final Set<Who> LET_IN = with(CONNECTED, Who.REFUSED);

    private static final Set<Who> WITH_ROLE = EnumSet.of(Who.GATEWAY, Who.ADMIN, Who.AUDITOR);
    private static final Set<Who> NOBODY = EnumSet.noneOf(Who.class);

    /**
     * One method of one resource.
     *
     * @param allowed who gets the answer
     * @param notAllowed whose role is not enough; all others are not-a-member
     * @param answer what the request, which is harmless or incomplete, brings who is allowed
     */
    private record Rule(Method method, String path, Set<Who> allowed, Set<Who> notAllowed, String answer) {
        Rule(Method method, String path, Set<Who> allowed, String answer) {
            this(method, path, allowed, NOBODY, answer);
        }

        String answerTo(Who who) {
            if (who == Who.PROVISIONAL && path.equals("/m")) {
                return "4.15 unsupported-format"; // needs no ticket: what it sends stays here
            }
            if (allowed.contains(who)) {
                return answer;
            }
            if (who == Who.REFUSED) {
                return "4.03 provisional-refused";
            }
            return notAllowed.contains(who) ? "4.03 not-allowed" : "4.03 not-a-member";
        }
    }

    private static final String CORE = "/.well-known/core";
    private static final String TRANSACTION = "/t/" + "00".repeat(32);

    private static final List<Rule> TABLE = List.of(
            new Rule(Method.GET, CORE, LET_IN, "2.05"),
            new Rule(Method.GET, "/g", CONNECTED, "2.05"),
            new Rule(Method.GET, "/h", CONNECTED, "2.05"),
            new Rule(Method.GET, "/p", CONNECTED, "2.05"),
            new Rule(Method.POST, "/t", CONNECTED, "4.15 unsupported-format"),
            new Rule(Method.GET, TRANSACTION, LET_IN, "4.04 unknown-transaction"),
            new Rule(Method.GET, "/k/gateway", KNOWN, "2.05"),
            new Rule(Method.FETCH, "/k", KNOWN, "4.15 unsupported-format"),
            new Rule(Method.GET, "/c?a=0", KNOWN, "2.05"),
            new Rule(
                    Method.GET,
                    "/b/0",
                    WITH_ROLE,
                    EnumSet.of(Who.MEMBER, Who.MOVING, Who.MOVED, Who.PROVISIONAL),
                    "2.05"),
            new Rule(Method.GET, "/b/0?p=1", KNOWN, "2.05"),
            new Rule(Method.POST, "/w", KNOWN, "4.15 unsupported-format"),
            new Rule(Method.POST, "/m", CURRENT, "4.03 no-ticket"),
            new Rule(Method.POST, "/m/d", TALKING, "4.15 unsupported-format"),
            new Rule(Method.GET, "/i", TALKING, "2.05"),
            new Rule(Method.DELETE, "/i", TALKING, "4.00 malformed"),
            new Rule(Method.POST, "/s", CURRENT, "4.15 unsupported-format"),
            new Rule(Method.POST, "/rd?ep=nobody", CURRENT, "4.03 wrong-sender"),
            new Rule(Method.POST, "/rd/0", CURRENT, "4.04 unknown-registration"),
            new Rule(Method.DELETE, "/rd/0", CURRENT, "4.04 unknown-registration"),
            new Rule(Method.GET, "/rd-lookup/ep", CURRENT, "2.05"),
            new Rule(Method.GET, "/rd-lookup/res", CURRENT, "2.05"));

    private TestNetwork network;
    private GatewayHarness harness;
    private final Map<Who, TestDevice> devices = new EnumMap<>(Who.class);

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        network = new TestNetwork();
        TestNetwork tacoma = new TestNetwork("tacoma", network);
        network.befriend(tacoma);
        tacoma.befriend(network);
        Map<Who, Identity> identities = new EnumMap<>(Who.class);
        for (Who who : EnumSet.of(Who.MEMBER, Who.MOVING, Who.MOVED, Who.SUSPENDED, Who.REVOKED, Who.LEFT)) {
            identities.put(who, network.joined(name(who)));
        }
        identities.put(Who.GATEWAY, network.joinedAs(Role.GATEWAY, name(Who.GATEWAY)));
        identities.put(Who.ADMIN, network.joinedAs(Role.ADMIN, name(Who.ADMIN)));
        identities.put(Who.AUDITOR, network.joinedAs(Role.AUDITOR, name(Who.AUDITOR)));
        identities.put(Who.UNKNOWN_KEY, Identity.generate(network.random));
        harness = new GatewayHarness(directory, List.of(network), new TestCloud(network), "provisional.allowed = true");
        harness.awaitHeight(network.state().height());
        identities.forEach((who, identity) -> devices.put(who, connected(who, identity)));
        for (Who who : EnumSet.of(Who.MOVING, Who.MOVED, Who.SUSPENDED, Who.REVOKED, Who.LEFT)) {
            assertThat(answer(devices.get(who), Method.GET, "/i")).isEqualTo("2.05");
        }

        Identity moved = identities.get(Who.MOVED);
        harness.cloud.order(network.relocateOut(name(Who.MOVING), identities.get(Who.MOVING), tacoma, "there"));
        harness.cloud.order(network.relocateOut(name(Who.MOVED), moved, tacoma, "arrived"));
        tacoma.order(tacoma.relocateIn("arrived", moved, network, name(Who.MOVED), network.carried(name(Who.MOVED))));
        harness.cloud.order(network.relocateDone(name(Who.MOVED), moved, tacoma.carried("arrived")));
        harness.cloud.order(network.standing(Standing.Act.SUSPEND, name(Who.SUSPENDED), 2));
        harness.cloud.order(network.standing(Standing.Act.REVOKE, name(Who.REVOKED), 2));
        harness.cloud.order(network.leave(name(Who.LEFT), identities.get(Who.LEFT)));
        harness.awaitHeight(network.state().height());
        assertThat(state(Who.MOVING)).isInstanceOf(MemberState.Moving.class);
        assertThat(state(Who.MOVED)).isInstanceOf(MemberState.Moved.class);
        for (Who who : EnumSet.of(Who.SUSPENDED, Who.REVOKED, Who.LEFT)) {
            assertThat(network.state().member(name(who)).orElseThrow().isActive())
                    .isFalse();
        }

        devices.put(Who.VOUCHER_HOLDER, harness.holder(network.voucher("*", 1)));
        Join join = new Join(
                "d-9", 1, Role.MEMBER, Identity.generate(network.random).keys(), Optional.empty(), Optional.empty());
        devices.put(Who.BATCH_TICKET_HOLDER, harness.holder(JoinTicket.enrolmentId(network.chain, join)));
        startProvisionals();
    }

    /** From here on the cloud is away: nothing settles who is provisional. */
    private void startProvisionals() throws Exception {
        harness.cloud.stop();
        TestDevice refused = provisional(Who.REFUSED);
        network.order(network.join(name(Who.REFUSED), Identity.generate(network.random), network.voucher("*", 1)));
        harness.cloud.start();
        await().until(() -> answer(refused, Method.GET, "/p").equals("4.03 provisional-refused"));
        harness.cloud.stop();
        provisional(Who.PROVISIONAL);
    }

    private TestDevice provisional(Who who) throws Exception {
        Identity identity = Identity.generate(network.random);
        Voucher voucher = network.voucher("*", 1);
        CoapResponse taken =
                harness.holder(voucher).post("/t", ContentFormat.COSE_SIGN, network.join(name(who), identity, voucher));
        assertThat(taken.contentFormat()).hasValue(ContentFormat.COSE_SIGN1);
        devices.put(who, connected(who, identity));
        return devices.get(who);
    }

    private static Set<Who> with(Set<Who> some, Who more) {
        Set<Who> all = EnumSet.copyOf(some);
        all.add(more);
        return all;
    }

    @AfterAll
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void everyRoleReachesWhatTheTableAllowsAndNothingElse() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Who who : LET_IN) {
            TestDevice device = devices.get(who);
            for (Rule rule : TABLE) {
                compare(wrong, who, rule.method(), rule.path(), rule.answerTo(who));
            }
            for (String path : paths()) {
                for (Method method : EnumSet.complementOf(methodsOf(path))) {
                    compare(wrong, who, method, path, "4.05 method-not-allowed");
                }
            }
            assertThat(answer(device, Method.GET, "/p"))
                    .isEqualTo(who == Who.REFUSED ? "4.03 provisional-refused" : "2.05");
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whoIsPutOutIsRefusedOnTheOpenConnectionAndInTheNextHandshake() throws Exception {
        for (Who who : EnumSet.complementOf(EnumSet.copyOf(LET_IN))) {
            TestDevice open = devices.get(who);
            for (Rule rule : TABLE.subList(1, TABLE.size())) {
                String answer = answer(open, rule.method(), rule.path());
                assertThat(answer)
                        .as("%s %s %s", who, rule.method(), rule.path())
                        .isIn("refused", "4.03 not-a-member");
                if (answer.equals("refused")) {
                    break;
                }
            }
            assertThat(answer(harness.connect(name(who), open.identity), Method.GET, "/p"))
                    .as("%s", who)
                    .isEqualTo("refused");
        }
    }

    @Test
    void everyRouteStandsInTheTable() {
        List<ServedRoute> routes = harness.gateway().deviceRoutes();
        for (ServedRoute route : routes) {
            assertThat(TABLE).as("a rule for %s", route).anyMatch(rule -> isOf(rule, route));
        }
        for (Rule rule : TABLE) {
            assertThat(routes).as("a route for %s", rule).anyMatch(route -> isOf(rule, route));
        }
    }

    @Test
    void onTheAdminEndpointEveryRouteIsForAdminsOnly() throws Exception {
        List<ServedRoute> routes = harness.gateway().adminRoutes().stream()
                .filter(route -> !route.path().equals(CORE))
                .toList();
        assertThat(routes).isNotEmpty();
        Set<Who> onChain = EnumSet.copyOf(KNOWN);
        onChain.remove(Who.PROVISIONAL);
        for (Who who : onChain) {
            TestDevice device =
                    harness.connectTo(harness.gateway().adminAddress(), name(who), devices.get(who).identity);
            for (ServedRoute route : routes) {
                String path = route.path().replaceAll("\\{[a-z]+}", "0");
                if (who != Who.ADMIN) {
                    assertThat(answer(device, route.method(), path))
                            .as("%s %s", who, route)
                            .isEqualTo(CURRENT.contains(who) ? "4.03 not-allowed" : "4.03 not-a-member");
                } else if (route.method() == Method.GET) {
                    assertThat(answer(device, route.method(), path))
                            .as("%s", route)
                            .doesNotStartWith("4.01")
                            .doesNotStartWith("4.03")
                            .doesNotStartWith("5");
                }
            }
        }
        for (Who who : List.of(Who.REVOKED, Who.UNKNOWN_KEY, Who.PROVISIONAL, Who.REFUSED)) {
            TestDevice device =
                    harness.connectTo(harness.gateway().adminAddress(), name(who), devices.get(who).identity);
            assertThat(answer(device, Method.GET, CORE)).isEqualTo("refused");
        }
    }

    private void compare(List<String> wrong, Who who, Method method, String path, String expected) throws Exception {
        String got = answer(devices.get(who), method, path);
        if (!got.equals(expected)) {
            wrong.add(who + " " + method + " " + path + ": " + got + ", not " + expected);
        }
    }

    /** The paths of the table without their queries. */
    private static Set<String> paths() {
        return TABLE.stream().map(rule -> withoutQuery(rule.path())).collect(toCollection(TreeSet::new));
    }

    private static EnumSet<Method> methodsOf(String path) {
        return TABLE.stream()
                .filter(rule -> withoutQuery(rule.path()).equals(path))
                .map(Rule::method)
                .collect(toCollection(() -> EnumSet.noneOf(Method.class)));
    }

    /** Whether a rule is about a route: its path matches, with any word for a variable. */
    private static boolean isOf(Rule rule, ServedRoute route) {
        String[] asked = withoutQuery(rule.path()).split("/");
        String[] served = route.path().split("/");
        return rule.method() == route.method()
                && asked.length == served.length
                && IntStream.range(0, asked.length)
                        .allMatch(i -> served[i].startsWith("{") || served[i].equals(asked[i]));
    }

    private static String withoutQuery(String path) {
        int end = path.indexOf('?');
        return end < 0 ? path : path.substring(0, end);
    }

    /** Code and, of a refusal, its problem; "refused" without a connection. */
    private static String answer(TestDevice device, Method method, String path) throws Exception {
        ClientRequest request = ClientRequest.of(method, withoutQuery(path));
        if (path.contains("?")) {
            String[] parameter = path.substring(path.indexOf('?') + 1).split("=");
            request = request.withQuery(parameter[0], parameter[1]);
        }
        CoapResponse response;
        try {
            response = device.send(request);
        } catch (ExecutionException e) {
            return "refused";
        }
        Code code = response.code();
        return code.isSuccess() ? code.toString() : code + " " + TestDevice.code(response);
    }

    private TestDevice connected(Who who, Identity identity) {
        try {
            return harness.connect(name(who), identity);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MemberState state(Who who) {
        return network.state().member(name(who)).orElseThrow().state();
    }

    private static String name(Who who) {
        return who == Who.GATEWAY || who == Who.ADMIN
                ? "second-" + who.name().toLowerCase(Locale.ROOT)
                : who.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
