package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL's client, which like mbedTLS has no raw public keys, against our server. */
class OpensslTest {
    private static final String CLIENT = "openssl";
    private static final Bytes GET_WHO = Bytes.fromHex("40011234b377686f");

    private final Lab lab = new Lab();

    @TempDir
    private Path directory;

    @BeforeEach
    void serves() throws Exception {
        assumeTrue(isInstalled(), "openssl is not installed (apt-get install openssl)");
        lab.start(lab.builder()
                .route(
                        "/who",
                        Method.GET,
                        request -> Lab.text("you are " + request.peer().handle())));
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ECDHE-ECDSA-AES128-CCM8", "ECDHE-ECDSA-AES128-GCM-SHA256"})
    void aMemberWithACertificateGetsAnAnswer(String suite) throws Exception {
        KeyPair key = lab.member("d-1");
        String output = run("you are d-1", key, SelfSigned.certificate(key), "-cipher", suite + ":@SECLEVEL=0");
        assertThat(output).contains("you are d-1").contains("Cipher is " + suite);
        assertThat(output).contains(Pem.certificate(SelfSigned.certificate(lab.serverKey)));
    }

    @Test
    void anUnknownKeyIsRefusedWithAlert42() throws Exception {
        KeyPair key = KeyPair.generate(Lab.RANDOM);
        assertThat(run("alert number 42", key, SelfSigned.certificate(key))).contains("alert number 42");
        assertThat(lab.server.sessions()).isZero();
    }

    @Test
    void aChainOfCertificatesIsRefusedWithAlert42() throws Exception {
        KeyPair key = lab.member("d-1");
        Path chain = Files.writeString(
                directory.resolve("chain.pem"), Pem.certificate(SelfSigned.certificate(KeyPair.generate(Lab.RANDOM))));
        assertThat(run("alert number 42", key, SelfSigned.certificate(key), "-cert_chain", chain.toString()))
                .contains("alert number 42");
        assertThat(lab.server.sessions()).isZero();
    }

    /** What the client printed until it printed what is awaited; without a handshake it ends by itself. */
    private String run(String awaited, KeyPair key, X509Certificate certificate, String... more) throws Exception {
        Path keyFile = Files.writeString(directory.resolve("key.pem"), Pem.privateKey(key));
        Path certificateFile = Files.writeString(directory.resolve("certificate.pem"), Pem.certificate(certificate));
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>(List.of(CLIENT, "s_client", "-dtls1_2", "-nocommands", "-connect"));
        command.add("127.0.0.1:" + lab.server.address().getPort());
        command.addAll(List.of("-cert", certificateFile.toString(), "-key", keyFile.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            process.getOutputStream().write(GET_WHO.toArray());
            process.getOutputStream().flush();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> text(output).contains(awaited) || !process.isAlive());
        } finally {
            process.destroyForcibly();
        }
        return text(output);
    }

    private static String text(Path output) throws Exception {
        return new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, CLIENT)));
    }
}
