package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In processes of their own: the list of providers is the JVM's. */
final class EcProvidersTest {
    /** The process under test: prints what a program meets after {@link EcProviders#install}. */
    static final class Meets {
        public static void main(String[] arguments) throws Exception {
            EcProviders.install();
            EcProviders.install();
            System.out.println("first=" + Security.getProviders()[0].getName());
            System.out.println("name=" + EcProviders.name());
            System.out.println("reason=" + EcProviders.reason());

            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            System.out.println("generator=" + generator.getProvider().getName());
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            java.security.KeyPair pair = generator.generateKeyPair();
            KeyFactory keys = KeyFactory.getInstance("EC");
            System.out.println("factory=" + keys.getProvider().getName());
            Signature ecdsa = Signature.getInstance("SHA256withECDSA");
            ecdsa.initSign(pair.getPrivate());
            System.out.println("signature=" + ecdsa.getProvider().getName());
            KeyAgreement ecdh = KeyAgreement.getInstance("ECDH");
            ecdh.init(pair.getPrivate());
            ecdh.doPhase(pair.getPublic(), true);
            System.out.println("agreement=" + ecdh.getProvider().getName());
            System.out.println(
                    "secret=" + ecdh.generateSecret("TlsPremasterSecret").getEncoded().length);
            System.out.println(
                    "mac=" + Mac.getInstance("HmacSHA256").getProvider().getName());
            System.out.println("aead="
                    + Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName());

            KeyPair own = KeyPair.generate(new SecureRandom());
            Bytes message = Bytes.utf8("m");
            System.out.println(
                    "verifies=" + EcProviders.verifier().verify(own.publicKey(), message, own.sign(message)));
            System.out.println("handshake=" + PinnedTlsTest.handshake(own, KeyPair.generate(new SecureRandom())));
        }
    }

    @ParameterizedTest
    @CsvSource({"bc, BC 1.", "'', ''"})
    void forwardsEllipticCurvesAndNothingElse(String forced, String name) throws Exception {
        assertThat(run(forced))
                .contains("first=LatchkeyEC")
                .contains("name=" + name)
                .contains("generator=LatchkeyEC")
                .contains("factory=LatchkeyEC")
                .contains("signature=LatchkeyEC")
                .contains("agreement=LatchkeyEC")
                .contains("secret=32")
                .contains("mac=SunJCE")
                .contains("aead=SunJCE")
                .contains("verifies=true")
                .contains("handshake=TLSv1.3");
    }

    @Test
    void refusesAnUnknownName() throws Exception {
        assertThat(run("openssl")).contains("latchkey.crypto is bc or accp");
    }

    private static String run(String forced) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!forced.isEmpty()) {
            command.add("-Dlatchkey.crypto=" + forced);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Meets.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
