package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.junit.jupiter.api.Test;

class KeyVerifierTest {
    private final KeyPair key = KeyPair.generate(Lab.RANDOM);
    private final List<CoseKey> asked = new ArrayList<>();
    private final KeyVerifier verifier = KeyVerifier.ofRawKeysAndCertificates(remembering(asked));

    private static Function<CoseKey, Optional<?>> remembering(List<CoseKey> keys) {
        return candidate -> {
            keys.add(candidate);
            return Optional.of("d-1");
        };
    }

    @Test
    void asksForTheKeyOfOneCertificate() throws Exception {
        assertThat(verify(message(certificate())).getException()).isNull();
        assertThat(asked).containsExactly(key.publicKey());
    }

    @Test
    void looksNeitherAtTheSignatureNorAtTheNames() throws Exception {
        byte[] changed = certificate();
        changed[changed.length - 1] ^= 1;
        assertThat(verify(message(changed)).getException()).isNull();
        String hex = Bytes.wrap(certificate()).toHex();
        String name = Bytes.utf8(key.publicKey().kid().toString()).toHex();
        byte[] renamed = Bytes.fromHex(hex.replaceFirst(name, "41".repeat(name.length() / 2)))
                .toArray();
        assertThat(renamed).isNotEqualTo(certificate());
        assertThat(verify(message(renamed)).getException()).isNull();
        assertThat(asked).containsOnly(key.publicKey());
    }

    @Test
    void refusesSeveralCertificates() throws Exception {
        refuses(message(
                certificate(),
                SelfSigned.certificate(KeyPair.generate(Lab.RANDOM)).getEncoded()));
        refuses(message(certificate(), certificate()));
    }

    @Test
    void refusesKeysThatAreNotOfTheCurve() throws Exception {
        for (String algorithm : List.of("RSA", "Ed25519")) {
            refuses(new CertificateMessage(
                    KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPublic()));
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(384);
        refuses(new CertificateMessage(generator.generateKeyPair().getPublic()));
    }

    @Test
    void whatIsNoCertificateIsRefusedWithTheAlertBadCertificate() {
        byte[] whole = certificate();
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> message(cut))
                    .isInstanceOfSatisfying(
                            HandshakeException.class,
                            refusal -> assertThat(refusal.getAlert().getDescription())
                                    .isEqualTo(AlertDescription.BAD_CERTIFICATE));
        }
    }

    @Test
    void aChangedByteIsRefusedOrChangesNothingButTheKeyThatIsAskedFor() {
        byte[] whole = certificate();
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) 0x81;
            try {
                verify(message(changed));
            } catch (HandshakeException refusal) {
                assertThat(refusal.getAlert().getDescription()).isEqualTo(AlertDescription.BAD_CERTIFICATE);
            }
        }
    }

    private void refuses(CertificateMessage message) {
        AlertDescription alert = verify(message).getException().getAlert().getDescription();
        assertThat(alert).isEqualTo(AlertDescription.BAD_CERTIFICATE);
        assertThat(asked).isEmpty();
    }

    private CertificateVerificationResult verify(CertificateMessage message) {
        return verifier.verifyCertificate(ConnectionId.EMPTY, null, null, false, false, false, message);
    }

    private byte[] certificate() {
        try {
            return SelfSigned.certificate(key).getEncoded();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    /** As it comes from the network (RFC 5246, section 7.4.2): lengths of 3 bytes. */
    private static CertificateMessage message(byte[]... certificates) throws HandshakeException {
        Bytes list = Bytes.EMPTY;
        for (byte[] certificate : certificates) {
            list = Bytes.concat(list, length(certificate.length), Bytes.wrap(certificate));
        }
        byte[] body = Bytes.concat(length(list.size()), list).toArray();
        return CertificateMessage.fromReader(new DatagramReader(body), CertificateType.X_509);
    }

    private static Bytes length(int length) {
        return Bytes.fromHex(String.format("%06x", length));
    }
}
