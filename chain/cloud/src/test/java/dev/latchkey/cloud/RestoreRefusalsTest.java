package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import dev.latchkey.host.KeyFile;
import dev.latchkey.transaction.Identity;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a restore makes nothing although the backup is good. */
class RestoreRefusalsTest {
    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
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

    private int run(Object... arguments) {
        out.reset();
        err.reset();
        return Cli.run(
                CloudMain.command(), Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    private Path config(Path home) throws Exception {
        network.settings(Files.createDirectories(home));
        return Files.writeString(
                home.resolve("cloud.conf"), "listen = \"127.0.0.1:0\"\ngenesis = [\"genesis.cose\"]\n");
    }

    @Test
    void whereAnExportIsOlderWhereANodeRunsAndWhereAKeyIsInTheWay() throws Exception {
        Path old = directory.resolve("old");
        Path oldConfig = config(old);
        Path stale = directory.resolve("sunday.chain");
        Path archive = directory.resolve("monday.backup");
        network.start(old).close();
        assertThat(run("export", "--dir", old.resolve("data"), "--out", stale))
                .as(err.toString())
                .isZero();
        try (CloudNode node = network.start(old)) {
            TestClient gateway = new TestClient(network, node.address(), network.gateway.dtls());
            gateway.submit(network.join("d-new", Identity.generate(TestNetwork.RANDOM), network.voucher()));
            String address = "127.0.0.1:" + node.address().getPort();
            assertThat(run("backup", "--config", oldConfig, "--node", address, "--out", archive))
                    .as(err.toString())
                    .isZero();
            assertThat(run("restore", archive, "--config", oldConfig, "--beyond", stale))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("is not empty");
            assertThat(gateway.get("/v1/chains/{c}").statusCode()).isEqualTo(200);
        }
        Path home = directory.resolve("new");
        Path config = config(home);

        // an export that ends before the backup does says nothing of what came after it
        assertThat(run("restore", archive, "--config", config, "--beyond", stale))
                .isEqualTo(2);
        assertThat(err.toString()).contains("what lies beyond the backup is not known", network.chain.toHex());
        assertNothingWasMade(home);

        Path aside = home.resolve("replica.pem.before-restore");
        Files.writeString(aside, "a key of an earlier restore");
        assertThat(run("restore", archive, "--config", config, "--beyond", stale))
                .isEqualTo(2);
        assertThat(err.toString()).contains("in the way", aside.toString());
        assertThat(out.toString()).as("said before the work").doesNotContain("restore of");
        assertNothingWasMade(home);
    }

    private void assertNothingWasMade(Path home) throws Exception {
        assertThat(home.resolve("data")).doesNotExist();
        assertThat(home.resolve("data.restoring")).doesNotExist();
        assertThat(KeyFile.read(home.resolve("replica.pem")).publicKey()).isEqualTo(network.replica.publicKey());
    }
}
