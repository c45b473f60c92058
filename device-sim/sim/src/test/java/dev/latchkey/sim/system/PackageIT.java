package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.sim.process.Launcher;
import dev.latchkey.sim.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvn package} makes for an operator, unpacked far from the checkout. */
@ExtendWith(NetworkExtension.class)
final class PackageIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        network.ensureInService();
    }

    @Test
    void aDeviceJoinsAtAGatewayFromItsPackage(RunningNetwork network) throws Exception {
        Path unpacked = unpack("gateway");
        Launcher packaged = new Launcher(unpacked.resolve("latchkey"));
        Path voucher = network.files().voucher("packaged", 1, "packaged-*", 1);
        network.files().gateway().terminate();

        String settings = network.files().path("gateway/gateway.conf").toString();
        try (Service gateway = Service.start(
                packaged,
                List.of("gateway", "--config", settings, "--admin-listen", "127.0.0.1:0"),
                directory.resolve("gateway.log"),
                LONGEST)) {
            Launcher.Result joined = Checkout.launcher()
                    .run(
                            LONGEST,
                            List.of(
                                    "device",
                                    "join",
                                    "--hand-over",
                                    voucher.toString(),
                                    "--name",
                                    "packaged-one",
                                    "--dir",
                                    directory.resolve("one").toString()));
            assertThat(joined.errors()).isEmpty();
            assertThat(joined.exitCode()).isZero();
            assertThat(gateway.isAlive()).isTrue();
        }

        Launcher.Result elsewhere = packaged.run(LONGEST, List.of("cloud"));
        assertThat(elsewhere.exitCode()).isEqualTo(2);
        assertThat(elsewhere.errors()).hasLineCount(1).contains("latchkey-cloud-", ".tar.gz");
        assertThat(packaged.run(LONGEST, List.of("--version")).output()).matches("latchkey [0-9].*\n");
    }

    /** Two platforms, and nothing that is built on the spot. */
    @Test
    void packagesHoldWhatTheirTextSays() throws Exception {
        for (String role : List.of("gateway", "cloud")) {
            Path unpacked = unpack(role);
            assertThat(unpacked).isDirectoryContaining("glob:**/" + role + "-reference.conf");
            assertThat(Files.readString(unpacked.resolve("Containerfile"))).contains("CMD [\"" + role + "\"");
            assertThat(natives(unpacked)).hasSize(2).allMatch(name -> name.matches(".*(linux64|linux-aarch64)\\.so"));
            for (String machine : List.of("x86_64", "aarch64")) {
                assertThat(unpacked.resolve("lib").resolve(machine)).isDirectoryContaining("glob:**.jar");
            }
        }
        assertThat(unpack("sim").resolve("latchkey")).isExecutable();
    }

    @Test
    void theUnitsAreWhatSystemdUnderstands() throws Exception {
        Path tool = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(tool), "systemd-analyze is not here: apt-get install systemd");
        for (String role : List.of("gateway", "cloud")) {
            // The program that it starts must be there: here it is the one that was unpacked.
            Path unpacked = unpack(role);
            Path unit = directory.resolve("latchkey-" + role + ".service");
            Files.writeString(
                    unit,
                    Files.readString(unpacked.resolve(unit.getFileName()))
                            .replace("=/opt/latchkey-" + role + "/", "=" + unpacked + "/"));
            String output = wellAnalysed(tool, "verify", "--man=no", unit);
            assertThat(output).doesNotContain(unit.getFileName().toString());
            // 1.3 of 10 with systemd 252; others weigh some things differently.
            wellAnalysed(tool, "security", "--offline=true", "--no-pager", "--threshold=20", unit);
        }
    }

    private static String wellAnalysed(Object... command) throws IOException, InterruptedException {
        Process analysis = new ProcessBuilder(
                        Stream.of(command).map(Object::toString).toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(analysis.getInputStream().readAllBytes());
        assertThat(analysis.waitFor()).as(output).isZero();
        return output;
    }

    private Path unpack(String role) throws IOException, InterruptedException {
        Path target = Files.createDirectories(directory.resolve(role));
        Process tar = new ProcessBuilder("tar", "-xzf", Checkout.packageOf(role).toString(), "-C", target.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(tar.exitValue()).isZero();
        try (Stream<Path> entries = Files.list(target)) {
            return entries.findFirst().orElseThrow();
        }
    }

    private static List<String> natives(Path unpacked) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> jars = Files.list(unpacked.resolve("lib"))) {
            for (Path jar :
                    jars.filter(file -> file.toString().contains("rocksdbjni")).toList()) {
                try (java.util.zip.ZipFile entries = new java.util.zip.ZipFile(jar.toFile())) {
                    entries.stream()
                            .map(java.util.zip.ZipEntry::getName)
                            .filter(name -> name.contains("librocksdbjni"))
                            .forEach(found::add);
                }
            }
        }
        return found;
    }
}
