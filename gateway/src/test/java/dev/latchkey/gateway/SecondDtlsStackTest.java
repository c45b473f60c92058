package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.gateway.harness.BouncyClient;
import dev.latchkey.gateway.harness.BouncyClient.Message;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.transaction.MemberRecord;
import java.nio.file.Path;
import java.util.Optional;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BouncyCastle's DTLS, which shares no code with Scandium, as a member's: raw public keys and connection IDs. */
class SecondDtlsStackTest {
    @TempDir
    Path directory;

    private GatewayHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new GatewayHarness(directory);
    }

    @AfterEach
    void stop() throws Exception {
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
            })
    void aMemberGetsAKeyBeforeAndAfterItsAddressChanges(int suite) throws Exception {
        TestDevice member = harness.served("d-1");
        try (BouncyClient client = connect(member.identity.dtls(), suite)) {
            Message before = client.get("/k/d-1", false);
            assertThat(before.codeText()).isEqualTo("2.05");
            assertThat(MemberRecord.decode(before.payload()).name()).isEqualTo("d-1");
            assertThat(client.connectionIdToServer().size()).isEqualTo(6);

            for (int i = 0; i < 3; i++) {
                client.rebind();
                assertThat(client.get("/k/d-1", false).payload()).isEqualTo(before.payload());
            }
            assertThat(client.handshakes()).isEqualTo(1);
        }
    }

    @Test
    void notificationsFollowTheDeviceToItsNewAddress() throws Exception {
        TestDevice sender = harness.served("d-1");
        TestDevice recipient = harness.served("d-2");
        try (BouncyClient client = connect(recipient.identity.dtls(), CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8)) {
            Message first = client.get("/i", true);
            assertThat(first.observe()).isPresent();
            assertThat(first.payload().isEmpty()).isTrue();

            client.rebind();
            assertThat(client.get("/p", false).codeText()).isEqualTo("2.05");
            sender.session(recipient);

            Optional<Message> told = client.receive(20_000);
            assertThat(told).isPresent();
            assertThat(told.get().token()).isEqualTo(first.token());
            assertThat(told.get().observe()).isPresent();
            assertThat(told.get().payload().isEmpty()).isFalse();
            assertThat(client.handshakes()).isEqualTo(1);
        }
    }

    @Test
    void anUnknownKeyIsRefusedInTheHandshake() {
        KeyPair stranger = KeyPair.generate(harness.network.random);
        assertThatThrownBy(() -> connect(stranger, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8))
                .isInstanceOf(TlsFatalAlertReceived.class)
                .hasMessageContaining("bad_certificate");
    }

    private BouncyClient connect(KeyPair key, int suite) throws Exception {
        return new BouncyClient(
                key,
                harness.network.gateway.dtls().publicKey(),
                harness.gateway().address(),
                suite);
    }
}
