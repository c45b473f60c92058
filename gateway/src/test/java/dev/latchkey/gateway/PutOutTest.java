package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsException;
import dev.latchkey.coap.Code;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestCloud;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Standing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a member with an open connection and an observed inbox meets when a block puts it out or changes its key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PutOutTest {
    private static final int BAD_CERTIFICATE = 42;

    private enum Kind {
        ROTATE("key-rotated"),
        LEAVE("left"),
        SUSPEND("suspended"),
        REVOKE("revoked"),
        RELOCATE_OUT("moving");

        private final String reason;

        Kind(String reason) {
            this.reason = reason;
        }
    }

    private TestNetwork network;
    private TestNetwork tacoma;
    private GatewayHarness harness;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        network = new TestNetwork();
        tacoma = new TestNetwork("tacoma", network);
        network.befriend(tacoma);
        harness = new GatewayHarness(directory, List.of(network), new TestCloud(network));
    }

    @AfterAll
    void stop() throws Exception {
        harness.close();
    }

    private Bytes transaction(Kind kind, TestDevice device, KeyPair newKey) {
        Identity keys = device.identity;
        return switch (kind) {
            case ROTATE -> network.rotate(device.name, keys, newKey);
            case LEAVE -> network.leave(device.name, keys);
            case SUSPEND -> network.standing(Standing.Act.SUSPEND, device.name, 2);
            case REVOKE -> network.standing(Standing.Act.REVOKE, device.name, 2);
            case RELOCATE_OUT -> network.relocateOut(device.name, keys, tacoma, "there");
        };
    }

    @ParameterizedTest
    @EnumSource
    void itsInboxEndsWithTheReasonThenTheConnectionAndTheOldKeyIsRefused(Kind kind) throws Exception {
        TestDevice device =
                harness.served("d-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        TestDevice other = harness.served("o-" + kind.ordinal());
        BlockingQueue<CoapResponse> heard = new LinkedBlockingQueue<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        device.client().observe(ClientRequest.get("/i"), heard::add, failure::set);
        assertThat(heard.poll(30, TimeUnit.SECONDS).code()).isEqualTo(Code.CONTENT);
        long connections = harness.gateway().status().connections();

        KeyPair newKey = KeyPair.generate(network.random);
        harness.cloud.order(transaction(kind, device, newKey));
        harness.awaitHeight(network);
        long verified = System.nanoTime();
        // On the connection that is still open, or a new one.
        assertThat(answer(device)).isIn("not-a-member", "refused");

        CoapResponse last = heard.poll(30, TimeUnit.SECONDS);
        assertThat(last.code()).isEqualTo(Code.FORBIDDEN);
        assertThat(TestDevice.code(last)).isEqualTo(kind.reason);
        await().until(() -> harness.gateway().status().connections() < connections
                || device.client().handshakes() > 1);
        assertThat(Duration.ofNanos(System.nanoTime() - verified)).isLessThan(Duration.ofSeconds(20));
        assertThat(failure).hasValue(null);

        assertThat(answer(device)).isEqualTo(kind == Kind.RELOCATE_OUT ? "not-a-member" : "refused");
        if (kind == Kind.RELOCATE_OUT) {
            assertThat(device.client().handshakes()).isEqualTo(2);
            assertThat(device.get("/p").code()).isEqualTo(Code.CONTENT);
        }
        if (kind == Kind.ROTATE) {
            Identity keys = new Identity(device.identity.sig(), device.identity.kex(), newKey);
            assertThat(answer(harness.connect(device.name, keys))).isEqualTo("2.05");
        }
        assertThat(answer(other)).isEqualTo("2.05");
        assertThat(other.client().handshakes()).isEqualTo(1);
    }

    private static String answer(TestDevice device) throws Exception {
        try {
            CoapResponse answer = device.get("/i");
            return answer.code().isSuccess() ? answer.code().toString() : TestDevice.code(answer);
        } catch (ExecutionException e) {
            assertThat(((CoapsException) e.getCause()).alert()).hasValue(BAD_CERTIFICATE);
            return "refused";
        }
    }
}
