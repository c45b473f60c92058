package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What stands in the way of a start is one line and exit code 2. */
class CloudCommandTest {
    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        Printed.to(OutputStream.nullOutputStream(), err);
    }

    @AfterEach
    void release() {
        Printed.end();
    }

    private int run(String listen) throws IOException {
        network.settings(directory);
        Path conf = directory.resolve("cloud.conf");
        Files.writeString(conf, "listen = \"" + listen + "\"\ngenesis = [\"genesis.cose\"]\nlog { level = error }\n");
        return Cli.run(CloudMain.command(), "cloud", "--config", conf.toString());
    }

    private void assertOneLine(String part) {
        assertThat(err.toString().lines().filter(line -> line.startsWith("latchkey: ")))
                .hasSize(1)
                .first()
                .asString()
                .contains(part);
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("127.0.0.1:" + taken.getLocalPort())).isEqualTo(2);
            assertOneLine("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aDirectoryInUse() throws Exception {
        try (CloudNode node = network.start(directory)) {
            assertThat(node.address().getPort()).isPositive();
            assertThat(run("127.0.0.1:0")).isEqualTo(2);
            assertOneLine("another process may hold it");
        }
    }

    @Test
    void aPrivateKeyThatOthersMayRead() throws Exception {
        network.settings(directory);
        Path key = directory.resolve("replica.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run("127.0.0.1:0")).isEqualTo(2);
        assertOneLine(key + ": a private key that others than its owner may use; chmod 600 it");
    }

    @Test
    void aDirectoryOfANewerVersion() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data").resolve("FORMAT"), "latchkey-cloud 2\n");
        assertThat(run("127.0.0.1:0")).isEqualTo(2);
        assertOneLine("latchkey-cloud version 2, this program reads up to version 1");
    }

    @Test
    void aGenesisFileThatHoldsSomethingElse() throws Exception {
        network.settings(directory);
        Files.writeString(directory.resolve("genesis.cose"), "holiday photographs");
        assertThat(run("127.0.0.1:0")).isEqualTo(1);
        assertOneLine("does not hold a genesis transaction that verifies");
    }

    @Test
    void noExampleIsSoLongThatHelpWouldBreakIt() {
        assertThat(examples(new CommandLine(CloudMain.command())))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.length()).isLessThan(80));
    }

    private static List<String> examples(CommandLine command) {
        List<String> lines =
                new ArrayList<>(List.of(command.getCommandSpec().usageMessage().footer()));
        command.getSubcommands().values().forEach(below -> lines.addAll(examples(below)));
        return lines;
    }
}
