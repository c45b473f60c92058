package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.export.ExportHeader;
import dev.latchkey.gateway.admin.AdminCommand;
import dev.latchkey.gateway.harness.CommandRun;
import dev.latchkey.gateway.harness.GatewayHarness;
import dev.latchkey.gateway.harness.TestDevice;
import dev.latchkey.host.IdentityDirectory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code latchkey admin} prints about a gateway that serves two members. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminCommandsTest {
    private GatewayHarness harness;
    private Path keys;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        harness = new GatewayHarness(directory);
        keys = directory.resolve("admin-keys");
        IdentityDirectory.write(keys, harness.network.admin);
        TestDevice receiver = harness.served("receiver");
        harness.served("sender").session(receiver);
        await().until(() -> harness.gateway().status().outboxMessages() == 0);
    }

    @AfterAll
    void stop() throws Exception {
        harness.close();
    }

    @Test
    void eachCommandPrintsATableAndJson() {
        assertThat(output("sessions"))
                .contains("sender", "receiver", "ECDHE_ECDSA AES_128_")
                .contains("127.0.0.1:");
        assertThat(output("sessions", "--json")).startsWith("{\"sessions\":[{");
        assertThat(output("devices")).contains("sender", "active", "yes");
        assertThat(output("devices", "--chain", "seattle", "--json")).contains("\"accepted\":1");
        assertThat(output("devices", "sender")).contains("sessions opened", "ticket until", "ECDHE_ECDSA");
        assertThat(output("queue")).startsWith("0 messages wait, 0 B of 268 MB").contains("seattle");
        assertThat(output("queue", "seattle")).contains("acknowledged sequence");
        assertThat(output("chain")).contains("signed height", "seattle");
        assertThat(output("chain", "seattle"))
                .contains("verified last minute", harness.network.chain.toHex(), "replicas 1 of 1");
        assertThat(output("witnesses")).contains("this gateway, not listed", "no evidence");
        assertThat(output("witnesses", "--json")).contains("\"evidence\":[]");
    }

    @Test
    void aChainIsWrittenAsItWasVerified(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("seattle.chain");
        assertThat(output("export", "seattle", "--out", file.toString())).contains(harness.network.chain.toHex());
        List<Item> items = Cbor.decodeSequence(Bytes.wrap(Files.readAllBytes(file)), 1 << 20);
        long height = SignedCheckpoint.decode(items.get(items.size() - 1).asBytes())
                .checkpoint()
                .height();
        assertThat(ExportHeader.fromItem(items.get(0)))
                .isEqualTo(new ExportHeader(harness.network.chain, "city", "seattle", height));
        assertThat(height).isPositive();
        assertThat(items).hasSize((int) height + 3);
        for (int at = 0; at <= height; at++) {
            assertThat(items.get(at + 1).asBytes())
                    .isEqualTo(harness.network.blocksFrom(at).get(0));
        }
        assertThat(refusal("export", "seattle", "--out", file.toString()))
                .isEqualTo("latchkey: the file is there already, nothing was written: " + file);
        Path other = directory.resolve("elsewhere.chain");
        assertThat(refusal("export", "elsewhere", "--out", other.toString()))
                .isEqualTo(
                        "latchkey: the gateway answered 4.04 unknown-chain: latchkey admin chain shows those that it serves");
        assertThat(other).doesNotExist();
    }

    @Test
    void whatIsNotThereIsOneLineAndFails() {
        assertThat(refusal("devices", "nobody"))
                .isEqualTo(
                        "latchkey: the gateway answered 4.04 unknown-name: its chain has no such member; another one is named with --chain");
        assertThat(refusal("chain", "elsewhere"))
                .isEqualTo(
                        "latchkey: the gateway answered 4.04 unknown-chain: latchkey admin chain shows those that it serves");
        assertThat(refusal("sessions", "--close", "999999999"))
                .isEqualTo(
                        "latchkey: the gateway answered 4.04 unknown-connection: latchkey admin sessions shows those that there are");
        assertThat(refusal("queue", "no chain")).isEqualTo("latchkey: no name of a chain: no chain");
    }

    @Test
    void aConnectionIsClosedByItsNumber() throws Exception {
        TestDevice device = harness.member("closing");
        device.get("/p");
        long id = harness.gateway().status().connections();
        String line = output("sessions")
                .lines()
                .filter(one -> one.contains("closing"))
                .findFirst()
                .orElseThrow();
        String number = line.strip().split(" ")[0];
        assertThat(output("sessions", "--close", number)).isEqualTo("closed " + number + System.lineSeparator());
        await().until(() -> harness.gateway().status().connections() == id - 1);
    }

    @Test
    void watchingPrintsALineForEachChangeAndEndsWellOnASignal() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                GatewayMain.class.getName(),
                "admin"));
        command.addAll(arguments("status", "--watch"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < 2; i++) {
                assertThat(out.readLine())
                        .matches("[-0-9]+T[0-9:]+Z in-service=yes cloud=up connections=[0-9]+ accepted=1 rejected=0"
                                + " outbox=0 seattle=[0-9]+/[0-9]+");
            }
            // not INT, which a shell that runs the tests in the background has its children ignore
            new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void everyCommandHasExamples() {
        CommandLine admin = new CommandLine(new AdminCommand());
        assertThat(admin.getSubcommands().keySet())
                .contains("status", "sessions", "devices", "queue", "chain", "export", "witnesses", "metrics");
        admin.getSubcommands()
                .forEach((name, command) ->
                        assertThat(command.getUsageMessage()).as(name).contains("Examples:", "latchkey admin " + name));
    }

    private String output(String... command) {
        return CommandRun.adminOutput(arguments(command).toArray(String[]::new));
    }

    private String refusal(String... command) {
        CommandRun run = CommandRun.admin(arguments(command).toArray(String[]::new));
        assertThat(run.code()).isNotZero();
        return run.complaint();
    }

    private List<String> arguments(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        String address = "127.0.0.1:" + harness.gateway().adminAddress().getPort();
        arguments.addAll(List.of("--key", keys.toString(), "--gateway", address));
        return arguments;
    }
}
