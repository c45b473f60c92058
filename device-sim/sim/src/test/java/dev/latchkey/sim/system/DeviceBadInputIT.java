package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.process.Launcher;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A device's files and invitations, wrong in each of the ways that happen: one line says which and what to do. */
@ExtendWith(NetworkExtension.class)
final class DeviceBadInputIT {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration LONGEST = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @BeforeAll
    static void fastKeys() {
        EcProviders.install();
    }

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
    }

    private static void assertFails(int code, Launcher.Result result, String... named) {
        assertThat(result.errors()).hasLineCount(1).contains(named);
        assertThat(result.output()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(code);
    }

    private Path written(HandOver handOver) throws IOException {
        Path file = Files.createTempFile(
                directory,
                "hand-over",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, handOver.toText());
    }

    private static HandOver with(HandOver handOver, ChainId chain, Instant end, KeyPair issuer) {
        Voucher voucher = Voucher.issue(
                chain,
                handOver.voucher().id(),
                "d-*",
                1,
                end,
                handOver.voucherKey().publicKey(),
                issuer);
        return new HandOver(
                handOver.network(),
                handOver.chainName(),
                chain,
                handOver.gatewayName(),
                handOver.gatewayHost(),
                handOver.gatewayPort(),
                handOver.gatewayDtls(),
                voucher,
                handOver.voucherKey(),
                handOver.presharedKey());
    }

    @Test
    void vouchersThatAreNotGoodHereAreToldApart(RunningNetwork network) throws Exception {
        HandOver good = network.voucher(1, "d-*");
        KeyPair admin = KeyFile.read(network.files().path("operator/admin/sig.pem"));
        Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        Path other = written(with(good, new ChainId(Digest.sha256(good.chain().bytes())), tomorrow, admin));
        Path expired = written(with(good, good.chain(), yesterday, admin));
        Path forged = written(with(good, good.chain(), tomorrow, KeyPair.generate(RANDOM)));
        Path once = written(good);

        assertFails(1, join(other, "d-other"), "it is of another network");
        assertFails(1, join(expired, "d-expired"), "the voucher is past its time", "latchkey operator voucher");
        assertFails(1, join(forged, "d-forged"), "the voucher is not by an administrator of this chain");
        assertThat(join(once, "d-once").exitCode()).isZero();
        assertFails(1, join(once, "d-twice"), "the voucher has no use left", "--uses N");
    }

    private Launcher.Result join(Path handOver, String name) {
        return ByHand.device("join", "--hand-over", handOver, "--name", name, "--dir", directory.resolve(name));
    }

    @Test
    void aKeyFileThatIsDamagedOrOpenToOthersIsNamedAndLeftAsItIs(RunningNetwork network) throws Exception {
        Path device = directory.resolve("d-keys");
        Path handOver = written(network.voucher(1, "d-*"));
        assertThat(join(handOver, "d-keys").exitCode()).isZero();
        for (String name : List.of("sig.pem", "kex.pem", "dtls.pem")) {
            Path key = device.resolve(name);
            String good = Files.readString(key);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            assertFails(2, ByHand.device("key", "--dir", device, "d-keys"), key.toString(), "chmod 600");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

            String damaged = good.substring(0, good.length() / 3);
            Files.writeString(key, damaged);
            assertFails(2, ByHand.device("key", "--dir", device, "d-keys"), key.toString(), "holds no P-256");
            assertFails(2, join(handOver, "d-keys"), key.toString());
            assertFails(2, ByHand.device("keys", "--dir", device, "--name", "d-keys"), key.toString());
            assertThat(key).hasContent(damaged);
            Files.writeString(key, good);
        }
        assertThat(ByHand.device("key", "--dir", device, "d-keys").exitCode()).isZero();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed(RunningNetwork network) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Path below = file.resolve("d-below");
        Launcher.Result refused = ByHand.device(
                "join", "--hand-over", written(network.voucher(1, "d-*")), "--name", "d-below", "--dir", below);
        assertFails(2, refused, below.toString(), file + " is a file");
        assertThat(file).hasContent("no directory");
    }

    /**
     * On a file system of four pages, in a mount namespace of its own: the join fails in the middle of its files, and goes
     * on when there is room; then a reading is refused, and sent when there is room again.
     */
    @Test
    void aFullDiskLeavesNothingHalfWritten(RunningNetwork network) throws Exception {
        assumeTrue(mayMount(), "no small file system may be mounted here: unshare -rm is not permitted");
        Path small = Files.createDirectory(directory.resolve("small"));
        String device = small.resolve("one").toString();
        String latchkey = Checkout.launcher().script().toString();
        String join = latchkey + " device join --hand-over " + network.files().voucher("full", 1, "d-*", 1)
                + " --name d-full --dir " + device;
        String send = latchkey + " device send --dir " + device + " --to " + receiver(network)
                + " --name temperature --unit Cel --value 21.5";
        Path script = Files.writeString(
                directory.resolve("full.sh"),
                String.join(
                        "\n",
                        "set -u; mount -t tmpfs -o size=16k tmpfs " + small,
                        join + "; echo \"join $?\"",
                        "find " + small + " -type f -size -60c -name '*.pem' -printf 'cut off: %f\\n'",
                        "find " + small + " -name '*.tmp*' -printf 'left over: %f\\n'",
                        "mount -o remount,size=256k " + small,
                        join + " >/dev/null; echo \"join again $?\"",
                        "dd if=/dev/zero of=" + small + "/filler 2>/dev/null",
                        send + "; echo \"send $?\"",
                        "rm " + small + "/filler",
                        send + "; echo \"send again $?\""));
        Path output = directory.resolve("output");
        Process process = inANamespace("sh", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(LONGEST.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(output))
                .containsPattern("latchkey: .*" + device + ".*No space left on device.*\\njoin 1\\n")
                .doesNotContain("cut off", "left over")
                .contains("join again 0\n")
                .containsPattern("latchkey: .*" + device + ".*No space left on device.*\\nsend 1\\n")
                .endsWith("send again 0\n");
    }

    private static ProcessBuilder inANamespace(String... command) {
        List<String> all = new java.util.ArrayList<>(List.of("unshare", "-rm"));
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("LATCHKEY_NO_BUILD", "1");
        return builder;
    }

    private boolean mayMount() throws InterruptedException {
        try {
            return inANamespace("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", directory.toString())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Somebody to send to. */
    private String receiver(RunningNetwork network) throws Exception {
        assertThat(join(written(network.voucher(1, "d-*")), "d-recipient").exitCode())
                .isZero();
        return "d-recipient";
    }
}
