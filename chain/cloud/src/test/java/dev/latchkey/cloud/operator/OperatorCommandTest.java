package dev.latchkey.cloud.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.CloudMain;
import dev.latchkey.cloud.CloudSettings;
import dev.latchkey.cloud.Printed;
import dev.latchkey.console.Cli;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.host.KeyFile;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.HandOver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OperatorCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        Printed.to(out, err);
    }

    @AfterEach
    void release() {
        Printed.end();
    }

    private static int run(String... arguments) {
        return Cli.run(CloudMain.command(), arguments);
    }

    private Path init(String... more) {
        Path net = directory.resolve("net");
        String[] base = {"operator", "init", "--dir", net.toString(), "--network", "city", "--chain", "seattle"};
        assertThat(run(Stream.concat(Stream.of(base), Stream.of(more)).toArray(String[]::new)))
                .isZero();
        return net;
    }

    @Test
    void initWritesAGenesisThatVerifiesAndKeysThatFitIt() throws Exception {
        Path net = init();
        Bytes genesis = AtomicFile.read(net.resolve("cloud/genesis.cose"), 65_536);
        ChainState state = Ledger.genesis(genesis).state();
        Bytes block = Ledger.genesis(genesis).block().orElseThrow().encoded();
        new BlockVerifier(StrictEcVerifier.bouncy(), Runnable::run).verifyGenesis(state.chainId(), block);

        assertThat(state.network()).isEqualTo("city");
        assertThat(state.chainName()).isEqualTo("seattle");
        assertThat(state.policy().replicas().nodes().get(0).sig())
                .isEqualTo(KeyFile.read(net.resolve("cloud/replica.pem")).publicKey());
        assertThat(state.policy().replicas().nodes().get(0).tls())
                .isEqualTo(KeyFile.read(net.resolve("cloud/tls.pem")).publicKey());
        assertThat(state.policy().operators().keys())
                .containsExactly(
                        KeyFile.read(net.resolve("operator/operator.pem")).publicKey());
        assertThat(state.member("gateway-1").orElseThrow().keys())
                .isEqualTo(IdentityDirectory.load(net.resolve("gateway/keys")).keys());
        assertThat(state.member("admin-1").orElseThrow().keys())
                .isEqualTo(IdentityDirectory.load(net.resolve("operator/admin")).keys());
        assertThat(Files.readString(net.resolve("gateway/gateway.conf")))
                .contains(state.chainId().toHex())
                .contains("\"127.0.0.1:5684\"", "\"127.0.0.1:5685\"");
        assertThat(out.toString()).contains(state.chainId().toHex()).contains("latchkey cloud --config");
    }

    @Test
    void severalOperatorsHaveDirectoriesOfTheirOwn() throws Exception {
        Path net = init("--operators", "3", "--threshold", "2", "--witnesses", "1");
        ChainState state = Ledger.genesis(AtomicFile.read(net.resolve("cloud/genesis.cose"), 65_536))
                .state();
        assertThat(state.policy().operators().k()).isEqualTo(2);
        for (int i = 1; i <= 3; i++) {
            assertThat(state.policy().operators().keys().get(i - 1))
                    .isEqualTo(KeyFile.read(net.resolve("operator-" + i + "/operator.pem"))
                            .publicKey());
        }
        assertThat(state.policy().witnesses().q()).isEqualTo(1);
        assertThat(state.policy().witnesses().gateways().get(0).name()).isEqualTo("gateway-1");
        assertThat(net.resolve("operator/operator.pem")).doesNotExist();
        assertThat(out.toString()).contains("operator-1 to 3").contains("2 must sign: carry them apart");
    }

    @Test
    void initWritesSettingsThatTheCloudReads() {
        Path net = init("--cloud", "127.0.0.1:0");
        CloudSettings settings = CloudSettings.load(net.resolve("cloud/cloud.conf"), Optional.empty());
        assertThat(settings.https().listen().getPort()).isZero();
        assertThat(settings.data()).isEqualTo(net.resolve("cloud/data"));
        assertThat(settings.genesis()).containsExactly(net.resolve("cloud/genesis.cose"));
    }

    @Test
    void theFirstVoucherIsForAnyNameAndAHundredDevices() throws Exception {
        Path net = init("--gateway", "gw.example.org:7000");
        HandOver handOver = HandOver.fromText(Files.readString(net.resolve("voucher-1")));
        assertThat(handOver.gatewayHost()).isEqualTo("gw.example.org");
        assertThat(handOver.gatewayPort()).isEqualTo(7000);
        assertThat(handOver.gatewayDtls())
                .isEqualTo(IdentityDirectory.load(net.resolve("gateway/keys"))
                        .dtls()
                        .publicKey());
        assertThat(handOver.voucher()
                        .issuedBy(
                                IdentityDirectory.load(net.resolve("operator/admin"))
                                        .sig()
                                        .publicKey(),
                                StrictEcVerifier.bouncy()))
                .isTrue();
        Bytes secret = Bytes.fromHex(
                Files.readString(net.resolve("gateway/enrolment.secret")).strip());
        assertThat(handOver.presharedKey())
                .isEqualTo(Enrolment.presharedKey(secret, handOver.voucher().id()));
    }

    @Test
    void secretsAreForTheirOwnerOnly() throws IOException {
        Path net = init();
        try (Stream<Path> files = Files.walk(net)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().matches(".*(\\.conf|\\.cose)")))
                    .hasSize(12)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void initRefusesADirectoryThatHoldsAnything() throws IOException {
        Path net = Files.createDirectories(directory.resolve("net"));
        Files.writeString(net.resolve("mine"), "x");
        assertThat(run("operator", "init", "--dir", net.toString(), "--network", "city", "--chain", "seattle"))
                .isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("nothing was written");
        try (Stream<Path> entries = Files.list(directory)) {
            assertThat(entries).containsExactly(net);
        }
    }

    @Test
    void thresholdsThatCannotBeAreRefused() {
        String[][] wrong = {
            {"--operators", "3", "--threshold", "4"},
            {"--operators", "0"},
            {"--operators", "17"},
            {"--witnesses", "2"}
        };
        Path other = directory.resolve("other");
        String[] base = {"operator", "init", "--dir", other.toString(), "--network", "city", "--chain", "seattle"};
        for (String[] more : wrong) {
            assertThat(run(Stream.concat(Stream.of(base), Stream.of(more)).toArray(String[]::new)))
                    .isEqualTo(2);
            assertThat(err.toString()).contains(more[more.length - 2] + " must be");
        }
        assertThat(other).doesNotExist();
    }

    @Test
    void badNamesAreRefused() {
        String dir = directory.resolve("n").toString();
        assertThat(run("operator", "init", "--dir", dir, "--network", "City!", "--chain", "seattle"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--network must be");
        assertThat(directory.resolve("n")).doesNotExist();
    }

    @Test
    void aVoucherCarriesWhatWasAsked() throws Exception {
        Path net = init();
        Path file = directory.resolve("v2");
        String[] arguments = {
            "operator",
            "voucher",
            "--dir",
            net.resolve("operator").toString(),
            "--uses",
            "7",
            "--name",
            "d-*",
            "--days",
            "2",
            "--gateway",
            "127.0.0.1:4444",
            "--out",
            file.toString()
        };
        assertThat(run(arguments)).isZero();
        HandOver handOver = HandOver.fromText(Files.readString(file));
        assertThat(handOver.voucher().uses()).isEqualTo(7);
        assertThat(handOver.voucher().pattern()).isEqualTo("d-*");
        assertThat(handOver.voucher().notAfterMillis())
                .isGreaterThan(Instant.now().plusSeconds(86_400).toEpochMilli());
        assertThat(handOver.gatewayPort()).isEqualTo(4444);
        assertThat(out.toString()).doesNotContain(Files.readString(file).strip());

        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString()).contains("there already");
    }

    @Test
    void aSecretThatOthersMayReadIsRefused() throws IOException {
        Path net = init();
        Path operator = net.resolve("operator");
        Files.setPosixFilePermissions(
                operator.resolve("enrolment.secret"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run(
                        "operator",
                        "voucher",
                        "--dir",
                        operator.toString(),
                        "--out",
                        directory.resolve("v").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("chmod 600");
    }

    @Test
    void everyCommandShowsExamples() {
        List<String> verbs = new ArrayList<>(
                new CommandLine(new OperatorCommand()).getSubcommands().keySet());
        assertThat(verbs).contains("init", "chain", "voucher", "endorse", "suspend", "recover", "policy", "sign");
        List<String[]> commands = new ArrayList<>(List.of(
                new String[] {"cloud"},
                new String[] {"operator"},
                new String[] {"operator", "policy", "show"},
                new String[] {"operator", "policy", "change"}));
        verbs.forEach(verb -> commands.add(new String[] {"operator", verb}));
        for (String[] command : commands) {
            out.reset();
            assertThat(run(Stream.concat(Stream.of(command), Stream.of("--help"))
                            .toArray(String[]::new)))
                    .isZero();
            assertThat(out.toString()).contains("Examples:").contains("latchkey " + command[0]);
        }
    }

    @Test
    void wrongSettingsAreNamedInOneLine() throws IOException {
        Path conf = directory.resolve("cloud.conf");
        Files.writeString(conf, "listen = \"127.0.0.1:0\"\nreplica-kee = \"x\"\n");
        assertThat(run("cloud", "--config", conf.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("replica-kee");
    }
}
