package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the running server takes from clients that offer one suite only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SuitesTest {
    private static final String GET_WHO = "40011234b377686f";
    private static final int HANDSHAKE_FAILURE = 40;

    private final Lab lab = new Lab();

    @BeforeAll
    void serves() throws Exception {
        lab.vouchers.put("a1b2", "grant");
        lab.start(lab.builder()
                .route(
                        "/who",
                        Method.GET,
                        request -> Lab.text(request.peer().handle().toString())));
    }

    @AfterAll
    void stops() {
        lab.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
                "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_PSK_WITH_AES_128_CCM_8",
                "TLS_PSK_WITH_AES_128_CCM",
                "TLS_PSK_WITH_AES_128_GCM_SHA256",
                "TLS_PSK_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256"
            })
    void connectsWithEachOfItsSuites(CipherSuite suite) throws Exception {
        assertThat(CoapSettings.SERVER_SUITES).contains(suite).hasSize(10);
        try (RawClient client = client(suite)) {
            RawData answer = client.answer(GET_WHO);
            assertThat(answer.getEndpointContext().getString(DtlsEndpointContext.KEY_CIPHER))
                    .isEqualTo(suite.name());
        }
    }

    @ParameterizedTest
    @MethodSource
    void refusesAllOthers(CipherSuite suite) throws Exception {
        try (RawClient client = client(suite)) {
            assertThat(client.refusal(GET_WHO)).isEqualTo(HANDSHAKE_FAILURE);
        }
    }

    static Stream<CipherSuite> refusesAllOthers() {
        return Stream.of(CipherSuite.values())
                .filter(suite -> suite.isSupported() && !CoapSettings.SERVER_SUITES.contains(suite))
                .filter(suite ->
                        suite.isPskBased() || suite.getCertificateKeyAlgorithm() == CertificateKeyAlgorithm.EC);
    }

    private RawClient client(CipherSuite suite) throws Exception {
        boolean key = !suite.isPskBased();
        Configuration config = RawClient.settings(key)
                .set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false)
                .set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suite));
        if (!suite.isEccBased()) {
            config.set(DtlsConfig.DTLS_CURVES, null);
        }
        DtlsConnectorConfig.Builder settings = DtlsConnectorConfig.builder(config);
        if (key) {
            settings.setCertificateIdentityProvider(KeyProvider.ofRawKey(lab.member(suite.name())))
                    .setCertificateVerifier(KeyVerifier.ofRawKeys(Optional::of));
        } else {
            settings.setPskStore(new VoucherKey(new ClientIdentity.Psk("a1b2." + suite.ordinal(), Lab.PSK)));
        }
        return new RawClient(settings, lab.server.address());
    }
}
