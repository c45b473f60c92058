package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;

class JceKeysTest {
    @Test
    void aKeyComesBackAsItWent() throws Exception {
        for (int i = 0; i < 50; i++) {
            KeyPair key = KeyPair.generate(Lab.RANDOM);
            assertThat(JceKeys.fromPublic(JceKeys.toPublic(key.publicKey()))).contains(key.publicKey());
        }
    }

    @Test
    void bothHalvesOfAPairFitTogetherOnThePlatform() throws Exception {
        Bytes small = Bytes.fromHex("00".repeat(31) + "05");
        for (KeyPair key : new KeyPair[] {KeyPair.generate(Lab.RANDOM), KeyPair.fromScalar(small)}) {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(JceKeys.toPrivate(key));
            signer.update((byte) 1);
            byte[] signature = signer.sign();
            signer.initVerify(JceKeys.toPublic(key.publicKey()));
            signer.update((byte) 1);
            assertThat(signer.verify(signature)).isTrue();
        }
    }

    @Test
    void keysOfOtherKindsAreNobodys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        assertThat(JceKeys.fromPublic(generator.generateKeyPair().getPublic())).isEmpty();
        assertThat(JceKeys.fromPublic(KeyPairGenerator.getInstance("Ed25519")
                        .generateKeyPair()
                        .getPublic()))
                .isEmpty();
    }
}
