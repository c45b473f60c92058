package dev.latchkey.cloud.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class RememberedSignaturesTest {
    private final SecureRandom random = new SecureRandom();
    private final KeyPair key = KeyPair.generate(random);
    private final Bytes message = Bytes.utf8("message");
    private int computed;
    private final RememberedSignatures remembered = new RememberedSignatures(counting(StrictEcVerifier.bouncy()));

    private EcVerifier counting(EcVerifier verifier) {
        return (signer, signed, signature) -> {
            computed++;
            return verifier.verify(signer, signed, signature);
        };
    }

    @Test
    void whatHeldIsComputedOnceAndAnythingElseAnew() {
        Bytes signature = key.sign(message);
        for (int i = 0; i < 3; i++) {
            assertThat(remembered.verify(key.publicKey(), message, signature)).isTrue();
        }
        assertThat(computed).isEqualTo(1);
        byte[] changed = signature.toArray();
        changed[40] ^= 1;
        for (int i = 0; i < 2; i++) {
            assertThat(remembered.verify(key.publicKey(), message, Bytes.wrap(changed)))
                    .isFalse();
        }
        KeyPair other = KeyPair.generate(random);
        assertThat(remembered.verify(other.publicKey(), message, signature)).isFalse();
        assertThat(remembered.verify(key.publicKey(), Bytes.utf8("massage"), signature))
                .isFalse();
        assertThat(computed).as("what does not hold is never remembered").isEqualTo(5);
    }
}
