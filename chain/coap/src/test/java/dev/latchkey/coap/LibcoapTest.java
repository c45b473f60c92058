package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's libcoap3-bin against our server. coap-client exits 0 when it fails, so its output decides. */
class LibcoapTest {
    private static final String CLIENT = "coap-client-gnutls";
    private static final Bytes PSK = Bytes.utf8("a-secret-of-one-voucher");

    private final Lab lab = new Lab();

    @TempDir
    private Path directory;

    @BeforeEach
    void serves() throws Exception {
        assumeTrue(isInstalled(), "coap-client-gnutls is not installed (apt-get install libcoap3-bin)");
        lab.start(lab.builder()
                .peers(new PeerDirectory() {
                    @Override
                    public Optional<Object> byKey(CoseKey key) {
                        return lab.byKey(key);
                    }

                    @Override
                    public Optional<PskGrant> byIdentity(String identity) {
                        return Optional.of(new PskGrant(PSK, "grant"));
                    }
                })
                .route(
                        "/k/{name}",
                        Method.GET,
                        request -> Lab.text(request.peer().handle() + " asks for " + request.variable("name")),
                        LinkAttributes.type("latchkey.key", 60))
                .route("/big", Method.GET, request -> Lab.text("0123456789".repeat(400)))
                .route("/echo", Method.POST, request -> Lab.now(CoapResponse.content(0, request.payload()))));
    }

    @AfterEach
    void stops() {
        lab.close();
    }

    @Test
    void aMemberGetsTheLinksAndAKey() throws Exception {
        Path key = pem(lab.member("d-1"));
        assertThat(run(List.of("-M", key.toString()), "/.well-known/core")).contains("</k>;rt=\"latchkey.key\";ct=60");
        assertThat(run(List.of("-M", key.toString()), "/k/d-2")).contains("d-1 asks for d-2");
    }

    @Test
    void linksAreFoundByFilters() throws Exception {
        List<String> key = List.of("-M", pem(lab.member("d-1")).toString());
        assertThat(run(key, "/.well-known/core?rt=latchkey.*&ct=60")).contains("</k>;rt=\"latchkey.key\";ct=60");
        assertThat(run(key, "/.well-known/core?rt=latchkey.key&obs")).doesNotContain("</k>");
    }

    @Test
    void aMemberWithACertificateGetsAnAnswer() throws Exception {
        KeyPair key = lab.member("d-1");
        Path certificate =
                Files.writeString(directory.resolve("certificate.pem"), Pem.certificate(SelfSigned.certificate(key)));
        Path server = Files.writeString(
                directory.resolve("server.pem"), Pem.certificate(SelfSigned.certificate(lab.serverKey)));
        List<String> credentials =
                List.of("-c", certificate.toString(), "-j", pem(key).toString(), "-R", server.toString());
        assertThat(run(credentials, "/k/d-2")).contains("d-1 asks for d-2");
    }

    @Test
    void anUnknownKeyIsRefusedWithAlert42() throws Exception {
        String output =
                run(List.of("-v", "7", "-M", pem(KeyPair.generate(Lab.RANDOM)).toString()), "/k/d-2");
        assertThat(output).contains("'42'").doesNotContain("asks for");
    }

    @Test
    void aVoucherHolderGetsAnAnswer() throws Exception {
        assertThat(run(List.of("-u", "a1b2.00000001", "-k", PSK.toUtf8()), "/k/d-2"))
                .contains("grant asks for d-2");
    }

    @Test
    void largeBodiesGoBothWays() throws Exception {
        String key = pem(lab.member("d-1")).toString();
        assertThat(run(List.of("-M", key), "/big")).contains("0123456789".repeat(400));
        Path body = Files.writeString(directory.resolve("body"), "abcdefgh".repeat(500));
        assertThat(run(List.of("-M", key, "-m", "post", "-b", "512", "-f", body.toString()), "/echo"))
                .contains("abcdefgh".repeat(500));
    }

    @Test
    void anUnknownPathIsAProblem() throws Exception {
        String output = run(List.of("-M", pem(lab.member("d-1")).toString()), "/nothing");
        assertThat(output).contains("4.04");
    }

    private String run(List<String> arguments, String path) throws Exception {
        List<String> command = new ArrayList<>(List.of(CLIENT, "-B", "5"));
        command.addAll(arguments);
        command.add("coaps://127.0.0.1:" + lab.server.address().getPort() + path);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** PKCS#8 and beside it SubjectPublicKeyInfo: libcoap 4.3.1 takes no PKCS#8 alone for a raw key. */
    private Path pem(KeyPair key) throws Exception {
        return Files.writeString(
                directory.resolve(key.publicKey().kid() + ".pem"), Pem.privateKey(key) + Pem.publicKey(key));
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, CLIENT)));
    }
}
