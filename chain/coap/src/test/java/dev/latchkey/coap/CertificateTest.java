package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cose.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members whose DTLS has X.509 certificates and no raw public keys: Scandium in that mode. */
class CertificateTest {
    private static final String GET_WHO = "40011234b377686f";
    private static final String GET_WHO_AGAIN = "40011235b377686f";
    private static final int BAD_CERTIFICATE = 42;

    private final Lab lab = new Lab();

    @BeforeEach
    void startsAServerThatSaysWhoAsks() throws Exception {
        lab.start(lab.builder()
                .route("/who", Method.GET, request -> Lab.text(request.peer().toString()))
                .limits(ServerLimits.DEFAULT.withConnections(100, 2)));
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    @Test
    void aCertificateOfAMembersKeyIsThatMember() throws Exception {
        KeyPair key = lab.member("d-1");
        String byRawKey = Lab.text(Lab.await(lab.client(key).send(ClientRequest.get("/who"))));
        assertThat(client(key).ask(GET_WHO).getPayloadString()).isEqualTo(byRawKey);
        assertThat(lab.server.sessions()).isEqualTo(2);
        client(key).ask(GET_WHO);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 2);
    }

    @Test
    void theServerShowsItsKeyInACertificateThatIsAlwaysTheSame() throws Exception {
        RawData answer = client(lab.member("d-1")).answer(GET_WHO);
        X509Certificate shown = ((X509CertPath) answer.getEndpointContext().getPeerIdentity()).getTarget();
        assertThat(JceKeys.fromPublic(shown.getPublicKey())).contains(lab.serverKey.publicKey());
        assertThat(shown).isEqualTo(SelfSigned.certificate(lab.serverKey));
        shown.verify(shown.getPublicKey());
    }

    @Test
    void aCertificateOfAnUnknownKeyIsRefused() throws Exception {
        assertThat(client(KeyPair.generate(Lab.RANDOM)).refusal(GET_WHO)).isEqualTo(BAD_CERTIFICATE);
        assertThat(lab.server.sessions()).isZero();
    }

    @Test
    void aMembersCertificateWithoutItsKeyIsRefused() throws Exception {
        KeyPair key = lab.member("d-1");
        KeyPair thief = KeyPair.generate(Lab.RANDOM);
        RawClient stolen =
                lab.closing(RawClient.withCertificates(thief, lab.server.address(), SelfSigned.certificate(key)));
        stolen.refusal(GET_WHO);
        assertThat(lab.server.sessions()).isZero();
    }

    @Test
    void whoIsRevokedLosesItsConnectionAndDoesNotComeBack() throws Exception {
        KeyPair key = lab.member("d-1");
        RawClient revoked = client(key);
        revoked.ask(GET_WHO);
        lab.members.remove(key.publicKey());
        lab.server.close(peer -> peer.handle().equals("d-1"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> lab.server.sessions() == 0);
        assertThat(revoked.refusal(GET_WHO_AGAIN)).isEqualTo(BAD_CERTIFICATE);
    }

    @Test
    void aKeyThatReplacedAnotherConnectsAsTheSameMember() throws Exception {
        KeyPair old = lab.member("d-1");
        lab.members.remove(old.publicKey());
        KeyPair fresh = lab.member("d-1");
        assertThat(client(old).refusal(GET_WHO)).isEqualTo(BAD_CERTIFICATE);
        assertThat(client(fresh).ask(GET_WHO).getPayloadString()).contains("d-1");
    }

    private RawClient client(KeyPair key) throws Exception {
        return lab.closing(RawClient.withCertificates(key, lab.server.address(), SelfSigned.certificate(key)));
    }
}
