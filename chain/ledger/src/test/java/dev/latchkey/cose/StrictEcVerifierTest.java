package dev.latchkey.cose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class StrictEcVerifierTest {
    private static final Bytes MESSAGE = Bytes.utf8("what is signed");

    private final KeyPair pair = KeyPair.generate(new SecureRandom());
    private final CoseKey key = pair.publicKey();
    private final Bytes signature = pair.sign(MESSAGE);
    private final EcVerifier plain = new BouncyEcVerifier();
    private final EcVerifier strict = StrictEcVerifier.bouncy();

    @Test
    void acceptsWhatWasSigned() {
        assertThat(strict.verify(key, MESSAGE, signature)).isTrue();
        assertThat(strict.verify(key, Bytes.utf8("what was not signed"), signature))
                .isFalse();
        CoseKey other = KeyPair.generate(new SecureRandom()).publicKey();
        assertThat(strict.verify(other, MESSAGE, signature)).isFalse();
    }

    @Test
    void signsTheSameBytesTheSameWayAndAlwaysWithALowS() {
        assertThat(pair.sign(MESSAGE)).isEqualTo(signature);
        for (int i = 0; i < 50; i++) {
            Bytes s = pair.sign(Bytes.utf8("message " + i)).slice(32, 64);
            assertThat(P256.integer(s)).isLessThanOrEqualTo(P256.HALF_N);
        }
    }

    @Test
    void refusesTheHighTwinOfAValidSignature() {
        BigInteger s = P256.integer(signature.slice(32, 64));
        Bytes twin = signature(signature.slice(0, 32), P256.field(P256.N.subtract(s)));
        assertThat(plain.verify(key, MESSAGE, twin)).isTrue();
        assertThat(strict.verify(key, MESSAGE, twin)).isFalse();
    }

    /** CVE-2022-21449: Java once took r = s = 0 for a signature of anything by anybody. */
    @Test
    void refusesNumbersOutsideTheRange() {
        Bytes r = signature.slice(0, 32);
        Bytes s = signature.slice(32, 64);
        Bytes zero = P256.field(BigInteger.ZERO);
        Bytes n = P256.field(P256.N);
        Bytes all = P256.field(BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));
        for (Bytes outside : new Bytes[] {zero, n, all}) {
            for (EcVerifier verifier : new EcVerifier[] {plain, strict}) {
                assertThat(verifier.verify(key, MESSAGE, signature(outside, s))).isFalse();
                assertThat(verifier.verify(key, MESSAGE, signature(r, outside))).isFalse();
                assertThat(verifier.verify(key, MESSAGE, signature(outside, outside)))
                        .isFalse();
            }
        }
    }

    @Test
    void refusesEveryOtherLength() {
        for (int size = 0; size <= 80; size++) {
            byte[] bytes = new byte[size];
            signature.slice(0, Math.min(size, 64)).copyTo(bytes, 0);
            assertThat(strict.verify(key, MESSAGE, Bytes.wrap(bytes))).isEqualTo(size == 64);
        }
    }

    @Test
    void refusesEveryFlippedBit() {
        for (int bit = 0; bit < 512; bit++) {
            byte[] flipped = signature.toArray();
            flipped[bit >>> 3] ^= (byte) (1 << (bit & 7));
            assertThat(strict.verify(key, MESSAGE, Bytes.wrap(flipped))).isFalse();
        }
    }

    /** The same rules hold whatever the provider behind them thinks. */
    @Test
    void asksTheProviderOnlyAboutSignaturesInRange() {
        EcVerifier credulous = new StrictEcVerifier((anyKey, anyMessage, anySignature) -> true);
        assertThat(credulous.verify(key, MESSAGE, signature)).isTrue();
        assertThat(credulous.verify(key, MESSAGE, Bytes.wrap(new byte[64]))).isFalse();
        assertThat(credulous.verify(key, MESSAGE, signature.slice(0, 63))).isFalse();
        Bytes one = P256.field(BigInteger.ONE);
        assertThat(credulous.verify(key, MESSAGE, signature(one, P256.field(P256.HALF_N))))
                .isTrue();
        Bytes aboveHalf = P256.field(P256.HALF_N.add(BigInteger.ONE));
        assertThat(credulous.verify(key, MESSAGE, signature(one, aboveHalf))).isFalse();
    }

    private static Bytes signature(Bytes r, Bytes s) {
        return Bytes.concat(r, s);
    }
}
