package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFileTest {
    private final KeyPair pair = KeyPair.generate(new SecureRandom());

    @TempDir
    Path dir;

    @Test
    void comesBackAsWritten() throws IOException {
        Path file = dir.resolve("key.pem");
        KeyFile.write(file, pair);

        assertThat(KeyFile.read(file).scalar()).isEqualTo(pair.scalar());
        assertThat(Files.readString(file))
                .startsWith("-----BEGIN PRIVATE KEY-----\n")
                .endsWith("-----END PUBLIC KEY-----\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void neverReplacesAKey() throws IOException {
        Path file = dir.resolve("key.pem");
        KeyFile.write(file, pair);

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> KeyFile.write(file, KeyPair.generate(new SecureRandom())));
        assertThat(KeyFile.read(file).publicKey()).isEqualTo(pair.publicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------"})
    void refusesAFileThatOthersMayUse(String permissions) throws IOException {
        Path file = dir.resolve("key.pem");
        KeyFile.write(file, pair);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatExceptionOfType(UnusableKeyException.class)
                .isThrownBy(() -> KeyFile.read(file))
                .withMessageContaining(file.toString())
                .withMessageContaining("chmod 600");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n",
                "-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----\n"
            })
    void refusesAFileWithoutAKey(String text) throws IOException {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> KeyFile.read(written(text)))
                .withMessageContaining("holds no P-256 private key")
                .withNoCause();
    }

    @Test
    void refusesAKeyWhosePublicHalfIsAnothers() throws IOException {
        Bytes own = JcaKeys.pkcs8(pair);
        Bytes other = JcaKeys.pkcs8(KeyPair.generate(new SecureRandom()));
        Bytes mixed = Bytes.concat(own.slice(0, 73), other.slice(73, other.size()));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        KeyFile.read(written(Pem.encode("PRIVATE KEY", mixed).toUtf8())));
    }

    @Test
    void refusesAKeyThatIsCutAnywhere() throws IOException {
        Bytes whole = JcaKeys.pkcs8(pair);
        for (int size = 0; size < whole.size(); size++) {
            String text = Pem.encode("PRIVATE KEY", whole.slice(0, size)).toUtf8();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> KeyFile.read(written(text)));
        }
    }

    @Test
    void opensslReadsOurs() throws Exception {
        Path file = dir.resolve("key.pem");
        KeyFile.write(file, pair);

        assertThat(OpenSsl.run("pkey", "-in", file, "-text", "-noout").replaceAll("[\\s:]", ""))
                .contains("prime256v1")
                .contains(pair.publicKey().uncompressed().toHex());
    }

    @Test
    void readsThoseOfOpenssl() throws Exception {
        Path file = dir.resolve("theirs.pem");
        OpenSsl.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        String text = OpenSsl.run("pkey", "-in", file, "-text", "-noout").replaceAll("[\\s:]", "");
        assertThat(text).contains(KeyFile.read(file).publicKey().uncompressed().toHex());
    }

    @Test
    void readsOneWithoutItsPublicHalf() throws Exception {
        Path file = dir.resolve("half.pem");
        Path sec1 = dir.resolve("sec1.pem");
        KeyFile.write(dir.resolve("key.pem"), pair);
        OpenSsl.run("ec", "-in", dir.resolve("key.pem"), "-no_public", "-out", sec1);
        OpenSsl.run("pkcs8", "-topk8", "-nocrypt", "-in", sec1, "-out", file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(KeyFile.read(file).publicKey()).isEqualTo(pair.publicKey());
    }

    @Test
    void refusesAnotherCurveAndAnotherAlgorithm() throws Exception {
        Path p384 = dir.resolve("p384.pem");
        OpenSsl.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", p384);
        Path ed25519 = dir.resolve("ed25519.pem");
        OpenSsl.run("genpkey", "-algorithm", "ED25519", "-out", ed25519);
        for (Path file : new Path[] {p384, ed25519}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> KeyFile.read(file))
                    .withMessageContaining("holds no P-256 private key");
        }
    }

    @Test
    void opensslVerifiesOurCertificate() throws Exception {
        Path file = dir.resolve("certificate.pem");
        AtomicFile.write(file, KeyFile.certificate(pair), AtomicFile.Mode.SHARED);

        assertThat(OpenSsl.run("verify", "-check_ss_sig", "-CAfile", file, file))
                .contains("OK");
        assertThat(OpenSsl.run("x509", "-in", file, "-noout", "-text").replaceAll("[\\s:]", ""))
                .contains(pair.publicKey().uncompressed().toHex())
                .contains("CN=" + pair.publicKey().kid());
    }

    private Path written(String text) throws IOException {
        Path file = dir.resolve("text.pem");
        AtomicFile.write(file, Bytes.utf8(text), AtomicFile.Mode.PRIVATE);
        return file;
    }
}
