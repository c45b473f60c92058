package dev.latchkey.sim.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.device.Device;
import dev.latchkey.device.DeviceSettings;
import dev.latchkey.device.DeviceThreads;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another CoAP implementation, libcoap with GnuTLS, over DTLS with a raw public key. Its client exits 0 whatever
 * happens, so these tests look at what it prints.
 */
@ExtendWith(NetworkExtension.class)
final class LibcoapIT {
    private static final String TOOL = "coap-client-gnutls";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String NAME = "d-libcoap";

    @TempDir
    private Path directory;

    @BeforeEach
    void begin(RunningNetwork network) throws Exception {
        assumeTrue(isInstalled(), TOOL + " is not here: install it with apt-get install libcoap3-bin");
        network.ensureInService();
    }

    private static boolean isInstalled() {
        for (String place : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!place.isEmpty() && Files.isExecutable(Path.of(place, TOOL))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aMemberGetsDiscoveryCheckpointAndKeys(RunningNetwork network) throws Exception {
        Path member = directory.resolve("member");
        EcProviders.install();
        HandOver handOver = network.voucher(1, NAME);
        try (DeviceThreads threads = new DeviceThreads(1, 1);
                Device device = Device.await(
                        Device.join(member, handOver, NAME, DeviceSettings.standard(EcProviders.verifier()), threads),
                        LONGEST)) {
            assertThat(device.name()).isEqualTo(NAME);
        }
        Path key = member.resolve("dtls.pem");

        String links = new String(get(network, key, "/.well-known/core"), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(links)
                .contains(
                        "</h>;",
                        "rt=\"latchkey.key latchkey.keys\"",
                        "</i>;rt=\"latchkey.inbox\";if=\"latchkey.queue\";ct=63;obs");

        SignedCheckpoint checkpoint = SignedCheckpoint.decode(Bytes.wrap(get(network, key, "/h")));
        assertThat(checkpoint.checkpoint().chain()).isEqualTo(handOver.chain());

        MemberRecord record = MemberRecord.decode(Bytes.wrap(get(network, key, "/k/" + NAME)));
        assertThat(record.name()).isEqualTo(NAME);
        assertThat(record.keys().dtls()).isEqualTo(KeyFile.read(key).publicKey());
    }

    @Test
    void anUnknownKeyIsRefused(RunningNetwork network) throws Exception {
        Path stranger = directory.resolve("stranger.pem");
        KeyFile.write(stranger, KeyPair.generate(new SecureRandom()));
        Path output = run(network, stranger, "/h", "-v", "6");
        assertThat(output).content().contains("Alert '42'");
        assertThat(directory.resolve("body")).doesNotExist();
    }

    /** The body of the response, which the tool writes to a file. */
    private byte[] get(RunningNetwork network, Path key, String path) throws Exception {
        Path body = directory.resolve("body");
        Files.deleteIfExists(body);
        Path output = run(network, key, path);
        assertThat(body).as(Files.readString(output)).exists();
        return Files.readAllBytes(body);
    }

    private Path run(RunningNetwork network, Path key, String path, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                TOOL,
                "-B",
                "20",
                "-M",
                key.toString(),
                "-o",
                directory.resolve("body").toString()));
        command.addAll(List.of(more));
        command.add("coaps://127.0.0.1:" + network.gateway().getPort() + path);
        Path output = directory.resolve("output.txt");
        Process tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(tool.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            tool.destroyForcibly();
        }
        return output;
    }
}
