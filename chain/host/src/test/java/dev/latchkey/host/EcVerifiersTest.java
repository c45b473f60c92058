package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.BouncyEcVerifier;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every provider has to accept exactly the same signatures: members' keys are decided by it. */
final class EcVerifiersTest {
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final Pattern FIELD = Pattern.compile("\"(uncompressed|msg|sig|result)\"\\s*:\\s*\"([^\"]*)\"");

    @ParameterizedTest
    @ValueSource(strings = {"accp", "bc"})
    void agreesWithProjectWycheproof(String provider) throws Exception {
        EcVerifier raw = new JcaEcVerifier(provider(provider));
        EcVerifier strict = new StrictEcVerifier(raw);
        Path vectors = Path.of(System.getProperty("latchkey.vectors"), "wycheproof");
        assumeTrue(Files.isDirectory(vectors), "the vectors are not beside this checkout");
        Matcher field = FIELD.matcher(Files.readString(vectors.resolve("ecdsa_secp256r1_sha256_p1363_test.json")));
        CoseKey key = null;
        Bytes message = null;
        Bytes signature = null;
        int tests = 0;
        while (field.find()) {
            String value = field.group(2);
            switch (field.group(1)) {
                case "uncompressed" -> key = CoseKey.fromUncompressed(Bytes.fromHex(value));
                case "msg" -> message = Bytes.fromHex(value);
                case "sig" -> signature = Bytes.fromHex(value);
                default -> {
                    boolean valid = value.equals("valid");
                    assertThat(strict.verify(key, message, signature))
                            .as(message + " " + signature)
                            .isEqualTo(valid && lowS(signature))
                            .isEqualTo(StrictEcVerifier.bouncy().verify(key, message, signature));
                    if (signature.size() == 64) {
                        assertThat(raw.verify(key, message, signature)).isEqualTo(valid);
                    }
                    tests++;
                }
            }
        }
        assertThat(tests).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"accp", "bc"})
    void agreesWithTheLedgersOwnOnWholeAndSpoiledSignatures(String provider) {
        EcVerifier verifier = new StrictEcVerifier(new JcaEcVerifier(provider(provider)));
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        KeyPair pair = KeyPair.generate(new SecureRandom());
        for (int i = 0; i < 200; i++) {
            byte[] message = new byte[random.nextInt(100)];
            random.nextBytes(message);
            byte[] signature = pair.sign(Bytes.wrap(message.clone())).toArray();
            if (i % 2 == 1) {
                signature[random.nextInt(signature.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(verifier.verify(pair.publicKey(), Bytes.wrap(message), Bytes.wrap(signature)))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(i % 2 == 0)
                    .isEqualTo(new BouncyEcVerifier()
                            .verify(pair.publicKey(), Bytes.wrap(message), Bytes.wrap(signature)));
        }
    }

    /** In DER a number with leading zero bytes is shorter, and one with its top bit set is longer. */
    @ParameterizedTest
    @ValueSource(strings = {"accp", "bc"})
    void acceptsNumbersOfEveryLength(String provider) {
        EcVerifier raw = new JcaEcVerifier(provider(provider));
        KeyPair pair = KeyPair.generate(new SecureRandom());
        int shortened = 0;
        for (int i = 0; shortened < 3; i++) {
            Bytes message = Bytes.utf8("message " + i);
            Bytes signature = pair.sign(message);
            if (i < 8 || signature.get(0) == 0 || signature.get(32) == 0) {
                shortened += i < 8 ? 0 : 1;
                BigInteger s = new BigInteger(1, signature.slice(32, 64).toArray());
                byte[] high = N.subtract(s).toByteArray();
                Bytes other =
                        Bytes.concat(signature.slice(0, 32), Bytes.wrap(high).slice(high.length - 32, high.length));
                assertThat(raw.verify(pair.publicKey(), message, signature)).isTrue();
                assertThat(raw.verify(pair.publicKey(), message, other)).isTrue();
            }
        }
        assertThat(raw.verify(pair.publicKey(), Bytes.EMPTY, Bytes.wrap(new byte[64])))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"accp", "bc"})
    void passesTheSelfTest(String provider) throws Exception {
        assertThat(EcSelfTest.passes(provider(provider))).isTrue();
    }

    private static boolean lowS(Bytes signature) {
        return signature.size() == 64
                && new BigInteger(1, signature.slice(32, 64).toArray()).compareTo(N.shiftRight(1)) <= 0;
    }

    private static Provider provider(String name) {
        if (name.equals("bc")) {
            return new BouncyCastleProvider();
        }
        try {
            Class<?> accp = Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider");
            return (Provider) accp.getField("INSTANCE").get(null);
        } catch (ReflectiveOperationException e) {
            assumeTrue(false, "no native provider for this machine");
            throw new IllegalStateException(e);
        }
    }
}
