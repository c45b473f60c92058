package dev.latchkey.sim.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.host.EcProviders;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QuickKeyTest {
    private static final Bytes MESSAGE = Bytes.utf8("a join");
    private static final int TIMES = 40; // s is above half the order every other time

    private final EcVerifier verifier = StrictEcVerifier.bouncy();

    @BeforeAll
    static void provider() {
        EcProviders.install();
    }

    @Test
    void everySignatureIsOneThatTheLedgerTakes() {
        for (int i = 0; i < TIMES; i++) {
            QuickKey key = QuickKey.generate();
            assertTrue(verifier.verify(key.publicKey(), MESSAGE, key.sign(MESSAGE)));
        }
    }

    @Test
    void anotherKeyDidNotSign() {
        Bytes signature = QuickKey.generate().sign(MESSAGE);
        assertFalse(verifier.verify(QuickKey.generate().publicKey(), MESSAGE, signature));
    }

    @Test
    void aPairOfTheLedgerSignsWithTheProvider() {
        KeyPair pair = KeyPair.generate(new SecureRandom());
        assertTrue(verifier.verify(pair.publicKey(), MESSAGE, QuickKey.of(pair).sign(MESSAGE)));
    }
}
