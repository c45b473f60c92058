package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys in the device's directory or one that the caller supplies, and files that are not as they should be. */
class DeviceKeyFilesTest extends DeviceFixture {
    /** What may be wrong with a file. */
    private interface Damage {
        void to(Path file) throws IOException;
    }

    private static final Map<String, Damage> DAMAGES = new TreeMap<>(Map.of(
            "chmod 600", file -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--")),
            "holds no P-256 private key", file -> Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100)),
            "in PKCS #8",
                    file -> Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
            "cannot be read as a key file", file -> Files.write(file, new byte[100_000]),
            "is no file but a directory",
                    file -> {
                        Files.delete(file);
                        Files.createDirectory(file);
                    },
            "is missing",
                    file -> {
                        Files.delete(file);
                        Files.createSymbolicLink(file, file.resolveSibling("nowhere"));
                    }));

    private DeviceSettings apart() {
        return settings.withKeyDirectory(temp.resolve("keys"));
    }

    private Device joinApart() throws Exception {
        return keep(Device.await(
                Device.join(temp.resolve("ann"), gateway.handOver("*"), "ann", apart(), threads), LONGEST));
    }

    private static Map<String, String> content(Path directory) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String what = Files.isSymbolicLink(file)
                        ? Files.readSymbolicLink(file).toString()
                        : Files.isDirectory(file) ? "directory" : Arrays.toString(Files.readAllBytes(file));
                content.put(directory.relativize(file).toString(), what);
            }
        }
        return content;
    }

    private void tellsOf(Path file, String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DeviceException.class, e -> {
            assertThat(e.kind()).isEqualTo(DeviceException.Kind.STORE);
            assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining(what);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sig", "kex", "dtls"})
    void aKeyFileThatIsNotAsItShouldBeIsNamedAndNotOverwritten(String purpose) throws Exception {
        join("ann").close();
        Path file = temp.resolve("ann/" + purpose + ".pem");
        Path saved = temp.resolve("saved");
        Files.copy(file, saved);
        for (Map.Entry<String, Damage> damage : DAMAGES.entrySet()) {
            damage.getValue().to(file);
            Map<String, String> before = content(temp.resolve("ann"));
            tellsOf(file, damage.getKey(), () -> reopen("ann"));
            tellsOf(file, damage.getKey(), () -> join("ann"));
            assertThat(content(temp.resolve("ann"))).isEqualTo(before);
            Files.delete(file);
            Files.write(file, Files.readAllBytes(saved));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(reopen("ann").name()).isEqualTo("ann");
    }

    @Test
    void aNextKeyThatIsNotAsItShouldBeIsNamedAndNotOverwritten() throws Exception {
        Device ann = join("ann");
        Path file = temp.resolve("ann/next.pem");
        byte[] saved = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(saved, 100));
        tellsOf(file, "holds no", () -> Device.await(ann.rotate(Set.of(KeyPurpose.SIG)), LONGEST));
        tellsOf(file, "holds no", () -> Device.await(ann.recover(), LONGEST));
        assertThat(Files.size(file)).isEqualTo(100);
        Files.write(file, saved);
        Device.await(ann.rotate(Set.of(KeyPurpose.SIG)), LONGEST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDirectoryWithSomeOfTheKeysIsNotFilledUp(boolean supplied) throws Exception {
        Path directory = Files.createDirectory(temp.resolve(supplied ? "keys" : "ann"));
        KeyFile.write(directory.resolve("kex.pem"), KeyPair.generate(gateway.random));
        Map<String, String> before = content(directory);
        tellsOf(directory.resolve("sig.pem"), "is missing", () -> {
            if (supplied) {
                joinApart();
            } else {
                join("ann");
            }
        });
        assertThat(content(directory)).isEqualTo(before);
    }

    @Test
    void keysInADirectoryOfTheirOwnAreNowhereElse() throws Exception {
        Device ann = joinApart();
        join("bob");
        send(ann, "bob", 1);
        Device.await(ann.rotate(Set.of(KeyPurpose.SIG, KeyPurpose.KEX)), LONGEST);
        ann.close();
        assertThat(content(temp.resolve("keys")).keySet())
                .contains("sig.pem", "kex.pem", "dtls.pem", "next.pem")
                .doesNotContain("making");
        assertThat(content(temp.resolve("ann")).keySet()).noneMatch(name -> name.endsWith(".pem"));
        for (String key : new String[] {"sig.pem", "kex.pem", "dtls.pem", "next.pem"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("keys/" + key))))
                    .isEqualTo("rw-------");
        }
        Device again = keep(Device.await(Device.open(temp.resolve("ann"), apart(), threads), LONGEST));
        send(again, "bob", 2);
        again.close();
        tellsOf(temp.resolve("ann/sig.pem"), "is missing", () -> reopen("ann"));
    }

    @Test
    void aMemberWhoseKeysAreNotThereGetsNoOthersInTheirPlace() throws Exception {
        joinApart().close();
        Files.move(temp.resolve("keys"), temp.resolve("elsewhere"));
        Path mount = Files.createDirectory(temp.resolve("keys"));
        Map<String, String> before = content(temp.resolve("ann"));
        tellsOf(mount.resolve("sig.pem"), "is missing", this::joinApart);
        Files.move(temp.resolve("ann/membership"), temp.resolve("membership"));
        Files.createFile(temp.resolve("ann/join.cose"));
        tellsOf(mount.resolve("sig.pem"), "is missing", this::joinApart);
        assertThat(mount).isEmptyDirectory();
        Files.move(temp.resolve("membership"), temp.resolve("ann/membership"));
        Files.delete(temp.resolve("ann/join.cose"));
        assertThat(content(temp.resolve("ann"))).isEqualTo(before);
        Files.delete(mount);
        Files.move(temp.resolve("elsewhere"), mount);
        assertThat(joinApart().name()).isEqualTo("ann");
    }

    @Test
    void theCallersOwnKeysAreUsedAndAMountThatIsThereIsFilled() throws Exception {
        Path mount = Files.createDirectory(temp.resolve("keys"));
        KeyPair sig = KeyPair.generate(gateway.random);
        KeyFile.write(mount.resolve("sig.pem"), sig);
        KeyFile.write(mount.resolve("kex.pem"), KeyPair.generate(gateway.random));
        KeyFile.write(mount.resolve("dtls.pem"), KeyPair.generate(gateway.random));
        joinApart();
        assertThat(gateway.member("ann").orElseThrow().keys().sig()).isEqualTo(sig.publicKey());
    }

    @Test
    void keysThatACrashLeftHalfMadeAreMadeUpFor() throws Exception {
        Path mount = Files.createDirectory(temp.resolve("keys"));
        KeyPair sig = KeyPair.generate(gateway.random);
        KeyFile.write(mount.resolve("sig.pem"), sig);
        Files.createFile(mount.resolve("making"));
        joinApart();
        assertThat(gateway.member("ann").orElseThrow().keys().sig()).isEqualTo(sig.publicKey());
        assertThat(mount.resolve("making")).doesNotExist();
    }
}
