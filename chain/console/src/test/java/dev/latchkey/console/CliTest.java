package dev.latchkey.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.host.KeyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@ResourceLock(Resources.SYSTEM_ERR)
final class CliTest {
    @Command(name = "latchkey", subcommands = Run.class)
    static final class Root {}

    @Command(name = "run", mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        static Exception thrown;
        static HostPort to;
        static Duration pause;

        @Option(names = "--to")
        HostPort address;

        @Option(names = "--pause")
        Duration duration;

        @Override
        public Integer call() throws Exception {
            to = address;
            pause = duration;
            if (thrown != null) {
                throw thrown;
            }
            return 0;
        }
    }

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        Run.thrown = null;
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
    }

    @Test
    void runsASubcommandWithTypedOptions() {
        assertThat(Cli.run(new Root(), "run", "--to", "[::1]:5684", "--pause", "250ms"))
                .isEqualTo(Cli.OK);
        assertThat(Run.to).isEqualTo(new HostPort("::1", 5684));
        assertThat(Run.pause).isEqualTo(Duration.ofMillis(250));
        assertThat(said()).isEmpty();
    }

    @Test
    void wrongArgumentsEndWithTwoAndAHint() {
        assertThat(Cli.run(new Root(), "run", "--tu", "x")).isEqualTo(Cli.USAGE);
        assertThat(said()).startsWith("latchkey: Unknown option").contains("latchkey run --help");
        assertThat(Cli.run(new Root(), "run", "--to", "nowhere")).isEqualTo(Cli.USAGE);
        assertThat(said()).contains("not host:port");
    }

    @Test
    void usageFaultsEndWithTwoAndOneLine() {
        assertThat(failingWith(new UsageFault("port 5684 is in use"))).isEqualTo(Cli.USAGE);
        assertThat(said()).isEqualTo("latchkey: port 5684 is in use\n");
    }

    @Test
    void failedWorkEndsWithOneAndOneLine() {
        assertThat(failingWith(new IOException("disk full\nand more"))).isEqualTo(Cli.FAILED);
        assertThat(said()).isEqualTo("latchkey: disk full\n");
    }

    @Test
    void fileFaultsSayWhatIsWrongWithTheFile() {
        assertThat(failingWith(new UncheckedIOException(new NoSuchFileException("a.pem"))))
                .isEqualTo(Cli.FAILED);
        assertThat(said()).isEqualTo("latchkey: no such file: a.pem\n");
    }

    @Test
    void aPrivateKeyThatOthersMayReadEndsWithTwoAndSaysWhatToDo(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("key.pem");
        KeyFile.write(file, KeyPair.generate(new SecureRandom()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        IOException thrown = assertThrows(IOException.class, () -> KeyFile.read(file));

        assertThat(failingWith(thrown)).isEqualTo(Cli.USAGE);
        assertThat(said()).hasLineCount(1).contains(file.toString(), "chmod 600");
    }

    @Test
    void defectsSayHowToSeeMore() {
        assertThat(failingWith(new IllegalStateException())).isEqualTo(Cli.FAILED);
        assertThat(said()).contains("IllegalStateException").contains("LATCHKEY_TRACE=1");
    }

    @Test
    @ResourceLock(Resources.SYSTEM_OUT)
    void everyCommandTellsTheVersion() {
        PrintStream outBefore = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(Cli.run(new Root(), "run", "--version")).isEqualTo(Cli.OK);
        } finally {
            System.setOut(outBefore);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("latchkey ");
    }

    private static int failingWith(Exception thrown) {
        Run.thrown = thrown;
        return Cli.run(new Root(), "run");
    }

    private String said() {
        String text = err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
        err.reset();
        return text;
    }
}
