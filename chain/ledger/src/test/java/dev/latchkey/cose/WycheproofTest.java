package dev.latchkey.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.vectors.Vectors;
import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The attacks on ECDSA and HKDF that Project Wycheproof collected. */
class WycheproofTest {
    private final EcVerifier plain = new BouncyEcVerifier();
    private final EcVerifier strict = StrictEcVerifier.bouncy();

    @Test
    void acceptsExactlyTheValidSignaturesAndStrictlyOnlyThoseWithALowS() throws MalformedKeyException {
        int tests = 0;
        int high = 0;
        Map<String, Object> file = Vectors.object(Vectors.at("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json"));
        for (Object element : Vectors.asArray(file.get("testGroups"))) {
            Map<String, Object> group = Vectors.asObject(element);
            Bytes point = hex(Vectors.asObject(group.get("publicKey")), "uncompressed");
            CoseKey key = CoseKey.fromUncompressed(point);
            assertThat(CoseKey.decode(key.encode()).uncompressed()).isEqualTo(point);
            for (Object inner : Vectors.asArray(group.get("tests"))) {
                Map<String, Object> test = Vectors.asObject(inner);
                boolean valid = test.get("result").equals("valid");
                Bytes signature = hex(test, "sig");
                boolean lowS = !valid || hasLowS(signature);
                String name = test.get("tcId") + " " + test.get("comment");
                assertThat(plain.verify(key, hex(test, "msg"), signature))
                        .as(name)
                        .isEqualTo(valid);
                assertThat(strict.verify(key, hex(test, "msg"), signature))
                        .as(name)
                        .isEqualTo(valid && lowS);
                high += lowS ? 0 : 1;
                tests++;
            }
        }
        assertThat(tests).isEqualTo(127);
        assertThat(high).isEqualTo(15);
    }

    @Test
    void derivesTheKeysOfHkdfAndRefusesToDeriveTooMuch() {
        int tests = 0;
        Map<String, Object> file = Vectors.object(Vectors.at("wycheproof/hkdf_sha256_test.json"));
        for (Object element : Vectors.asArray(file.get("testGroups"))) {
            for (Object inner : Vectors.asArray(Vectors.asObject(element).get("tests"))) {
                Map<String, Object> test = Vectors.asObject(inner);
                int size = ((BigInteger) test.get("size")).intValueExact();
                String name = test.get("tcId") + " " + test.get("comment");
                if (test.get("result").equals("valid")) {
                    assertThat(Hkdf.sha256(hex(test, "ikm"), hex(test, "salt"), hex(test, "info"), size))
                            .as(name)
                            .isEqualTo(hex(test, "okm"));
                } else {
                    assertThatThrownBy(() -> Hkdf.sha256(hex(test, "ikm"), hex(test, "salt"), hex(test, "info"), size))
                            .as(name)
                            .isInstanceOf(IllegalArgumentException.class);
                }
                tests++;
            }
        }
        assertThat(tests).isEqualTo(86);
    }

    private static boolean hasLowS(Bytes signature) {
        return P256.integer(signature.slice(32, 64)).compareTo(P256.HALF_N) <= 0;
    }

    private static Bytes hex(Map<String, Object> vector, String name) {
        return Bytes.fromHex((String) vector.get(name));
    }
}
