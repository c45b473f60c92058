package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.host.KeyFile;
import dev.latchkey.transaction.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** When a restore makes nothing although the backup is good. */
class RestoreRefusalsTest {
    @TempDir
    Path directory;

    @RegisterExtension
    private final CaughtCommands commands = new CaughtCommands();

    private final TestNetwork network = new TestNetwork();

    @Test
    void whereAnExportIsOlderWhereANodeRunsAndWhereAKeyIsInTheWay() throws Exception {
        Path old = directory.resolve("old");
        Path oldConfig = network.config(old);
        Path stale = directory.resolve("sunday.chain");
        Path archive = directory.resolve("monday.backup");
        network.start(old).close();
        assertThat(commands.run("export", "--dir", old.resolve("data"), "--out", stale))
                .as(commands.err())
                .isZero();
        try (CloudNode node = network.start(old)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            gateway.submit(network.join("d-new", Identity.generate(TestNetwork.RANDOM), network.voucher()));
            String address = "127.0.0.1:" + node.address().getPort();
            assertThat(commands.run("backup", "--config", oldConfig, "--node", address, "--out", archive))
                    .as(commands.err())
                    .isZero();
            assertThat(commands.run("restore", archive, "--config", oldConfig, "--beyond", stale))
                    .isEqualTo(2);
            assertThat(commands.err()).contains("is not empty");
            assertThat(gateway.get("/v1/chains/{c}").statusCode()).isEqualTo(200);
        }
        Path home = directory.resolve("new");
        Path config = network.config(home);

        // an export that ends before the backup does says nothing of what came after it
        assertThat(commands.run("restore", archive, "--config", config, "--beyond", stale))
                .isEqualTo(2);
        assertThat(commands.err()).contains("what lies beyond the backup is not known", network.chain.toHex());
        assertNothingWasMade(home);

        Path aside = home.resolve("replica.pem.before-restore");
        Files.writeString(aside, "a key of an earlier restore");
        assertThat(commands.run("restore", archive, "--config", config, "--beyond", stale))
                .isEqualTo(2);
        assertThat(commands.err()).contains("in the way", aside.toString());
        assertThat(commands.out()).as("said before the work").doesNotContain("restore of");
        assertNothingWasMade(home);
    }

    private void assertNothingWasMade(Path home) throws Exception {
        assertThat(home.resolve("data")).doesNotExist();
        assertThat(home.resolve("data.restoring")).doesNotExist();
        assertThat(KeyFile.read(home.resolve("replica.pem")).publicKey()).isEqualTo(network.replica.publicKey());
    }
}
