package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.SignedTransaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What came after a backup is nowhere any more, and operators let the chain go on without it. */
class LossTest {
    @TempDir
    Path directory;

    @RegisterExtension
    private final CaughtCommands commands = new CaughtCommands();

    private final TestNetwork network = new TestNetwork();

    private static void join(TestNetwork network, TestClient client, String name) throws Exception {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreException(IOException.class)
                .until(() -> client.submit(network.join(name, Identity.generate(TestNetwork.RANDOM), network.voucher()))
                                .get(0)
                        instanceof TransactionAnswer.Accepted);
    }

    @Test
    void goesOnBehindTheBlockThatItsOperatorsNameAndOnEveryNodeAlike() throws Exception {
        Path archive = directory.resolve("monday.backup");
        backup(archive);
        Path config = network.config(directory.resolve("new"));
        Path part = directory.resolve("loss-seattle.part");
        Path operator = directory.resolve("operator.pem");
        KeyFile.write(operator, network.operator);

        assertThat(commands.run("restore", archive, "--config", config, "--propose-loss", directory))
                .as(commands.err())
                .isZero();
        assertThat(commands.out()).contains("would end at height 1", part.toString());
        assertNothingWasMade(directory.resolve("new"));
        assertThat(commands.run("restore", archive, "--config", config, "--propose-loss", directory))
                .isEqualTo(2);
        assertThat(commands.err()).contains("there already");
        assertThat(commands.run("restore", archive, "--config", config, "--accept-loss", part))
                .isEqualTo(1);
        assertThat(commands.err()).contains("nobody has signed it");
        refusesAnother(
                archive, config, PartTransaction.fromText(Files.readString(part).strip()));

        assertThat(commands.run("operator", "sign", part, "--key", operator, "--yes"))
                .as(commands.err())
                .isZero();
        assertThat(commands.out())
                .contains("accept a loss", "all that came after height 1", "restore BACKUP", "--accept-loss");
        assertThat(commands.run("restore", archive, "--config", config, "--accept-loss", part))
                .as(commands.err())
                .isZero();
        assertThat(commands.out()).contains("its operators gave up what came after height 1");
        Path second = network.config(directory.resolve("second"));
        assertThat(commands.run("restore", archive, "--config", second, "--accept-loss", part))
                .as(commands.err())
                .isZero();

        Bytes blocks = goesOn(directory.resolve("new"));
        try (CloudNode node = network.start(directory.resolve("second"))) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            assertThat(gateway.body("/v1/chains/{c}/blocks?from=0&to=2")).isEqualTo(blocks);
        }
    }

    private void backup(Path archive) throws Exception {
        Path old = directory.resolve("old");
        Path config = network.config(old);
        try (CloudNode node = network.start(old)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            join(network, gateway, "d-1");
            String address = "127.0.0.1:" + node.address().getPort();
            assertThat(commands.run("backup", "--config", config, "--node", address, "--out", archive))
                    .as(commands.err())
                    .isZero();
            join(network, gateway, "d-lost");
        }
    }

    /** Signed by the right operator, but for another place; and for this place, but by somebody else. */
    private void refusesAnother(Path archive, Path config, PartTransaction proposed) throws Exception {
        PolicyChange change = (PolicyChange) proposed.transaction();
        PolicyChange.Cut cut = change.cut().orElseThrow();
        Path file = directory.resolve("other.part");
        for (PolicyChange other : new PolicyChange[] {
            new PolicyChange(change.policy(), Optional.of(new PolicyChange.Cut(0, cut.blockHash()))),
            new PolicyChange(change.policy()),
            change
        }) {
            KeyPair signer = other == change ? KeyPair.generate(TestNetwork.RANDOM) : network.operator;
            PartTransaction part = PartTransaction.unsigned(
                            proposed.network(), proposed.chainName(), proposed.chain(), other)
                    .signedBy(signer);
            Files.writeString(file, part.toText());
            assertThat(commands.run("restore", archive, "--config", config, "--accept-loss", file))
                    .isEqualTo(1);
            assertThat(commands.err())
                    .contains(
                            "the accepted loss of chain " + network.chain.toHex(),
                            other == change
                                    ? "missing-signature"
                                    : other.cut().isEmpty() ? "no policy that names" : "after height 0",
                            "nothing was made");
            assertNothingWasMade(directory.resolve("new"));
        }
    }

    private void assertNothingWasMade(Path home) throws Exception {
        assertThat(home.resolve("data")).doesNotExist();
        assertThat(home.resolve("data.restoring")).doesNotExist();
        assertThat(KeyFile.read(home.resolve("replica.pem")).publicKey()).isEqualTo(network.replica.publicKey());
    }

    /** The chain after the loss, up to the block in which it was accepted. */
    private Bytes goesOn(Path home) throws Exception {
        KeyPair replica = KeyFile.read(home.resolve("replica.pem"));
        try (CloudNode node = network.start(home)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            Policy accepted = network.firstPolicy().renewed();
            SignedTransaction change = network.change(
                    accepted,
                    next -> TestNetwork.withReplicas(
                            next, 1, new Policy.Replica(replica.publicKey(), network.tls.publicKey())));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .ignoreException(IOException.class)
                    .until(() -> gateway.submit(change).get(0) instanceof TransactionAnswer.Accepted);
            join(network, gateway, "d-lost");
            return gateway.body("/v1/chains/{c}/blocks?from=0&to=2");
        }
    }
}
