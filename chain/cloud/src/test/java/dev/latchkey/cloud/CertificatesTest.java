package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.PinnedTls;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What certificates count for at the API's port and at the log's: nothing but the key that the client proves to hold, which
 * must be on P-256. Dates, names and issuers say nothing, so a certificate cannot expire; a key can be revoked.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificatesTest {
    private static final String CUT = "no connection";
    private static final int SETTINGS = 4;

    private final java.security.KeyPair rsa = pair("RSA");
    private final java.security.KeyPair otherCurve = pair("secp384r1");
    private final java.security.KeyPair unknown = pair("secp256r1");
    private TestCluster cluster;
    private TestNetwork network;

    private static java.security.KeyPair pair(String kind) {
        try {
            return OddCertificates.pair(kind);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory, 1, 1);
        network = cluster.network;
        cluster.startAll();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    /** All kinds of certificates, around a key that is known or not. */
    private Map<String, SSLContext> clients(KeyPair known) throws Exception {
        java.security.KeyPair own = OddCertificates.pair(known);
        Map<String, SSLContext> clients = new LinkedHashMap<>();
        clients.put("its own", PinnedTls.client(known, any -> true));
        clients.put("expired", client(own, own, OddCertificates.LONG_AGO, OddCertificates.LONG_OVER));
        clients.put("not yet good", client(own, own, OddCertificates.TO_COME, OddCertificates.FOREVER));
        clients.put("by another issuer", client(own, unknown, OddCertificates.LONG_AGO, OddCertificates.FOREVER));
        clients.put("of an unknown key", client(unknown, unknown, OddCertificates.LONG_AGO, OddCertificates.FOREVER));
        clients.put("by a known issuer", client(unknown, own, OddCertificates.LONG_AGO, OddCertificates.FOREVER));
        X509Certificate root = OddCertificates.of(
                own.getPublic(), own.getPrivate(), OddCertificates.LONG_AGO, OddCertificates.FOREVER);
        X509Certificate leaf = OddCertificates.of(
                unknown.getPublic(), own.getPrivate(), OddCertificates.LONG_AGO, OddCertificates.FOREVER);
        clients.put("behind an unknown key's", OddCertificates.client(unknown.getPrivate(), leaf, root));
        clients.put("another's, without its key", OddCertificates.client(unknown.getPrivate(), root));
        clients.put(
                "on another curve", client(otherCurve, otherCurve, OddCertificates.LONG_AGO, OddCertificates.FOREVER));
        clients.put("of RSA", client(rsa, rsa, OddCertificates.LONG_AGO, OddCertificates.FOREVER));
        return clients;
    }

    private static SSLContext client(java.security.KeyPair key, java.security.KeyPair issuer, String from, String until)
            throws Exception {
        return OddCertificates.client(
                key.getPrivate(), OddCertificates.of(key.getPublic(), issuer.getPrivate(), from, until));
    }

    @Test
    void theApiKnowsAClientByItsKeyAlone() throws Exception {
        Map<String, String> got = new LinkedHashMap<>();
        for (Map.Entry<String, SSLContext> each :
                clients(network.gateway.dtls()).entrySet()) {
            got.put(each.getKey(), asked(each.getValue()));
        }
        assertThat(got).isEqualTo(expected("200", "403"));
        assertServed();
    }

    /** Who is unknown there gets no connection at all. */
    @Test
    void theLogTalksToMembersKeysAlone() throws Exception {
        Map<String, String> got = new LinkedHashMap<>();
        for (Map.Entry<String, SSLContext> each : clients(cluster.key(0)).entrySet()) {
            got.put(each.getKey(), called(each.getValue()));
        }
        assertThat(got).isEqualTo(expected("talks", CUT));
        assertThat(called(Anybody.context())).isEqualTo(CUT);
        assertServed();
    }

    private static Map<String, String> expected(String known, String unknown) {
        Map<String, String> expected = new LinkedHashMap<>();
        for (String kind : new String[] {"its own", "expired", "not yet good", "by another issuer"}) {
            expected.put(kind, known);
        }
        for (String kind : new String[] {"of an unknown key", "by a known issuer", "behind an unknown key's"}) {
            expected.put(kind, unknown);
        }
        for (String kind : new String[] {"another's, without its key", "on another curve", "of RSA"}) {
            expected.put(kind, CUT);
        }
        return expected;
    }

    /** The answer on a connection that was made while the key was good, too. */
    @Test
    void aKeyThatIsRevokedOpensNothingAnyMore() throws Exception {
        Identity member = Identity.generate(TestNetwork.RANDOM);
        cluster.submit(0, network.join("d-revoked", member, network.voucher()));
        TestClient open = cluster.client(0, member.dtls());
        assertThat(open.get("/v1/chains/{c}/keys/gw-1").statusCode()).isEqualTo(200);
        cluster.submit(
                0,
                TransactionSigning.of(new Standing(Standing.Act.REVOKE, "d-revoked", 2), network.chain)
                        .by(network.admin.sig())
                        .finish());
        assertThat(open.get("/v1/chains/{c}/keys/gw-1").statusCode()).isEqualTo(403);
        assertThat(cluster.client(0, member.dtls())
                        .get("/v1/chains/{c}/keys/gw-1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(called(PinnedTls.client(member.dtls(), any -> true))).isEqualTo(CUT);
    }

    private void assertServed() throws Exception {
        assertThat(cluster.client(0, network.gateway.dtls())
                        .get("/v1/chains/{c}/blocks?from=0&to=0")
                        .statusCode())
                .isEqualTo(200);
        cluster.submit(
                0, network.join("d-" + System.nanoTime(), Identity.generate(TestNetwork.RANDOM), network.voucher()));
    }

    /** The status of a question that gateways may ask. */
    private String asked(SSLContext context) {
        InetSocketAddress server = HostPort.parse(cluster.member(0).api()).address();
        try (PlainCaller caller = new PlainCaller(context, server)) {
            String line = "GET /v1/chains/" + network.chain.toHex() + "/blocks?from=0&to=0 HTTP/1.1\r\nHost: a\r\n\r\n";
            return Integer.toString(caller.send(Bytes.utf8(line)).status());
        } catch (IOException e) {
            return CUT;
        }
    }

    /** Whether the log's port answers the begin of HTTP/2 (RFC 9113, section 3.4), as gRPC does. */
    private String called(SSLContext context) throws IOException {
        InetSocketAddress server = HostPort.parse(cluster.member(0).address()).address();
        try (PlainCaller caller = new PlainCaller(context, server);
                SSLSocket socket = caller.connected()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0});
            byte[] head = socket.getInputStream().readNBytes(9);
            return head.length == 9 && head[3] == SETTINGS ? "talks" : CUT;
        } catch (IOException e) {
            return CUT;
        }
    }
}
