package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.Method;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.gateway.admin.Values;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.gateway.identity.OwnKeys;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.TransactionSigning;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway of two sub-networks gets new keys while it runs, or when it is started again after a crash in between. */
class RotateTest {
    private static final int READING = ContentFormat.COSE_ENCRYPT0;

    @TempDir
    Path directory;

    private TestNetwork seattle;
    private TestNetwork tacoma;
    private GatewayHarness harness;

    @BeforeEach
    void start() throws Exception {
        seattle = new TestNetwork();
        tacoma = new TestNetwork("tacoma", seattle);
        harness = new GatewayHarness(directory, List.of(seattle, tacoma), new TestCloud(seattle, tacoma));
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void aRunningGatewayGetsNewKeysOnEachChainAndLosesNothing() throws Exception {
        TestDevice admin = harness.connectTo(harness.gateway().adminAddress(), "admin", seattle.admin);
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        SendingSession session = sender.session(recipient);
        Bytes before = reading(sender, session, "before");
        assertThat(TestDevice.code(sender.send(ClientRequest.of(Method.POST, "/a/x/rotate"))))
                .isNotEmpty();

        Map<String, Object> job = ended(admin, started(admin));

        assertThat(job).as("%s", job).containsEntry("state", "done").containsEntry("done", 2L);
        MemberKeys now = IdentityDirectory.load(keys()).keys();
        assertThat(now.all()).doesNotContainAnyElementsOf(seattle.gateway.keys().all());
        for (TestNetwork network : List.of(seattle, tacoma)) {
            assertThat(network.state().member("gateway").orElseThrow().keys()).isEqualTo(now);
        }
        assertThat((String) job.get("message"))
                .contains("seattle, tacoma", now.dtls().encode().toHex());
        assertThat(Files.exists(keys().resolve("next"))).isFalse();
        // Its connection has ended, and it knows no other key.
        await().until(() -> isRefused(sender));
        try (TestDevice again = knowing(now.dtls(), sender, harness.gateway().address());
                TestDevice reader =
                        knowing(now.dtls(), recipient, harness.gateway().address())) {
            Bytes after = reading(again, session, "after");
            assertThat(again.post("/m", READING, before).code()).isEqualTo(Code.CHANGED);
            assertThat(reader.inbox(0)).hasSize(3);
            await().until(() -> harness.gateway().status().outboxMessages() == 0);
            assertThat(harness.cloud.mailboxes.of("d-2")).hasSize(3);
            assertThat(again.ticket().code()).isEqualTo(Code.CHANGED);
            assertThat(after).isNotEqualTo(before);
        }
        assertThat(ended(admin, started(admin))).containsEntry("state", "done");
        assertThat(seattle.state().member("gateway").orElseThrow().sequence()).isEqualTo(3);
        harness.restartGateway();
        assertThat(harness.gateway().status().connections()).isZero();
    }

    @Test
    void nothingIsLeftWhenTheCloudIsAwayAndAWitnessKeepsItsSigKey() throws Exception {
        TestDevice admin = harness.connectTo(harness.gateway().adminAddress(), "admin", seattle.admin);
        seattle.witnessedBy(0, "gateway");
        harness.cloud.announce();
        harness.awaitHeight(seattle);
        harness.cloud.stop();

        assertThat(ended(admin, started(admin)).get("error").toString()).contains("the cloud cannot be asked");
        assertThat(Files.exists(keys().resolve("next"))).isFalse();

        harness.cloud.start();
        await().until(() -> ended(admin, started(admin)).get("state").equals("done"));
        MemberKeys now = seattle.state().member("gateway").orElseThrow().keys();
        assertThat(now.sig()).isEqualTo(seattle.gateway.keys().sig());
        assertThat(now.dtls()).isNotEqualTo(seattle.gateway.keys().dtls());
        assertThat(now.kex()).isNotEqualTo(seattle.gateway.keys().kex());
    }

    /** After what the gateway was killed. */
    private enum Moment {
        PREPARED,
        ONE_CHAIN,
        BOTH_CHAINS,
        DECIDED,
        MOVED_IN_PART
    }

    @ParameterizedTest
    @EnumSource
    void whoWasKilledInBetweenGoesOn(Moment moment) throws Exception {
        TestDevice device = harness.served("d-1");
        harness.gateway().close();
        Identity next = OwnKeys.open(keys()).prepare(true, seattle.random);
        if (moment.compareTo(Moment.ONE_CHAIN) >= 0) {
            seattle.order(rotation(seattle, next));
        }
        if (moment.compareTo(Moment.BOTH_CHAINS) >= 0) {
            tacoma.order(rotation(tacoma, next));
        }
        if (moment.compareTo(Moment.DECIDED) >= 0) {
            Files.move(keys().resolve("next"), keys().resolve("decided"));
        }
        if (moment.compareTo(Moment.MOVED_IN_PART) >= 0) {
            Path decided = keys().resolve("decided");
            Files.delete(keys().resolve("sig.pem"));
            Files.move(decided.resolve("sig.pem"), keys().resolve("sig.pem"));
        }

        harness.restartGateway();

        await().until(() -> IdentityDirectory.load(keys()).keys().equals(next.keys()));
        await().until(() -> !Files.exists(keys().resolve("next")) && !Files.exists(keys().resolve("decided")));
        for (TestNetwork network : List.of(seattle, tacoma)) {
            assertThat(network.state().member("gateway").orElseThrow().keys()).isEqualTo(next.keys());
        }
        InetSocketAddress address = harness.gateway().address();
        try (TestDevice again = knowing(next.dtls().publicKey(), device, address)) {
            await().until(() -> !isRefused(again));
            assertThat(again.ticket().code()).isEqualTo(Code.CHANGED);
        }
    }

    private Bytes rotation(TestNetwork network, Identity next) {
        Rotate rotate = new Rotate(
                "gateway",
                2,
                Optional.of(next.sig().publicKey()),
                Optional.of(next.kex().publicKey()),
                Optional.of(next.dtls().publicKey()),
                Optional.empty());
        return TransactionSigning.of(rotate, network.chain)
                .by(network.gateway.sig())
                .by(next.sig())
                .possessedBy(next.dtls())
                .finish()
                .encode();
    }

    private Path keys() {
        return directory.resolve("keys");
    }

    private TestDevice knowing(CoseKey gateway, TestDevice device, InetSocketAddress address) throws Exception {
        return TestDevice.member(
                device.name,
                device.identity,
                seattle,
                address,
                gateway::equals,
                ClientOptions.DEFAULT,
                harness.threads());
    }

    private static boolean isRefused(TestDevice device) throws Exception {
        try {
            device.get("/p");
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    private static Bytes reading(TestDevice sender, SendingSession session, String text) throws Exception {
        Bytes reading = TestDevice.sealed(session, text);
        assertThat(sender.post("/m", READING, reading).code()).isEqualTo(Code.CHANGED);
        return reading;
    }

    private static String started(TestDevice admin) throws Exception {
        CoapResponse answer = admin.send(ClientRequest.of(Method.POST, "/a/x/rotate"));
        assertThat(answer.code()).isEqualTo(Code.CREATED);
        return "/a/j/" + Values.decodeMap(answer.payload()).get("id");
    }

    private static Map<String, Object> ended(TestDevice admin, String job) throws Exception {
        await().until(() ->
                !"running".equals(Values.decodeMap(admin.get(job).payload()).get("state")));
        return Values.decodeMap(admin.get(job).payload());
    }
}
