package dev.latchkey.sim.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import dev.latchkey.sim.SimMain;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each benchmark once, as the launcher would start it, in sizes that take no time and prove no speed. */
class BenchRunTest {
    private record Run(int exitCode, String printed, String complaints) {}

    @Test
    void verifiesBlocksOfEveryKind(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("verify.json");
        Run run = run(
                "verify",
                "--transactions",
                "2",
                "--rounds",
                "1",
                "--seconds",
                "0.01",
                "--no-openssl",
                "--json",
                json.toString());

        assertThat(run.exitCode()).as(run.complaints()).isZero();
        assertThat(run.printed())
                .contains("joins, a voucher each", "joins by one voucher", "rotations of all keys", "per core");
        assertThat(Files.readString(json)).contains("\"verify\"", "\"signatures\" : 8", "\"signatures\" : 7");
    }

    @Test
    void measuresProofsThatVerify() {
        Run run = run("proofs", "--members", "100", "--blocks", "50", "--samples", "20", "--seconds", "0.01");

        assertThat(run.exitCode()).as(run.complaints()).isZero();
        assertThat(run.printed()).contains("record and proof", "absence", "8 names at once", "49 blocks");
    }

    @Test
    void makesBlocksOfSomeDifficulty() {
        Run run = run("work", "--bits", "0,4", "--seconds", "0.01");

        assertThat(run.exitCode()).as(run.complaints()).isZero();
        assertThat(run.printed()).contains("hashes/s", "times as long");
    }

    /** The sizes that the documents quote, of real datagrams. */
    @Test
    void measuresSealedMessages(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("envelope.json");
        Run run = run("envelope", "--rounds", "1", "--messages", "1", "--warm-up", "0", "--json", json.toString());

        assertThat(run.exitCode()).as(run.complaints()).isZero();
        assertThat(lines(run, "reading, Partial IV of 1 byte")).contains(" 45 55 86 1 106 1 ");
        assertThat(lines(run, "reading, Partial IV of 2 bytes")).contains(" 46 56 87 1 107 1 ");
        assertThat(lines(run, "opener, 1 recipient")).contains(" 225 235 266 1 ");
        assertThat(lines(run, "opener, 16 recipients")).contains(" 1,516 ");
        assertThat(run.printed()).contains("45 and 46 B", "86 and 87 B", "106 and 107 B", "HPKE", "JWE", "COSE");
        assertThat(Files.readString(json)).contains("\"envelope\"", "\"UDP B\" : 86", "\"UDP B\" : 87", "\"claims\"");
    }

    @Test
    void measuresHandshakesOfServersInProcessesOfTheirOwn(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("handshakes.json");
        Run run = run("handshakes", "--rounds", "1", "--seconds", "0.02", "--json", json.toString());

        assertThat(run.exitCode()).as(run.complaints()).isZero();
        assertThat(run.printed()).contains("the JDK's own", "handshakes per CPU second of the server", ">= 8");
        assertThat(Files.readString(json)).contains("\"handshakes\"", "\"ratio\"", "\"claims\"");
    }

    /** The lines of a table that begin so, with one blank between the columns. */
    private static String lines(Run run, String begin) {
        return run.printed()
                .lines()
                .map(line -> line.strip().replaceAll("\\s+", " ") + " ")
                .filter(line -> line.startsWith(begin))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void refusesWhatItCannotMeasure() {
        assertThat(run("work", "--bits", "25").exitCode()).isEqualTo(Cli.USAGE);
        assertThat(run("proofs", "--members", "5").exitCode()).isEqualTo(Cli.USAGE);
        assertThat(run("envelope", "--messages", "201").exitCode()).isEqualTo(Cli.USAGE);
        assertThat(run("verify", "--transactions", "0").exitCode()).isEqualTo(Cli.USAGE);
    }

    @Test
    void readsWhatOpensslPrints() {
        String printed = "Doing 256 bits verify ecdsa's ops for 1s: 14519 256 bits ECDSA verify ops in 1.00s\n"
                + "                              sign    verify    sign/s verify/s\n"
                + " 256 bits ecdsa (nistp256)   0.0000s   0.0001s  43927.2  14519.6\n";
        assertThat(OpenSslSpeed.parse(printed)).hasValue(14519.6);
        assertThat(OpenSslSpeed.parse("speed: Unknown algorithm")).isEmpty();
    }

    private static Run run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        String[] line = new String[arguments.length + 1];
        line[0] = "bench";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        try {
            System.setOut(new PrintStream(printed, true, UTF_8));
            System.setErr(new PrintStream(complained, true, UTF_8));
            int exitCode = Cli.run(SimMain.class, line);
            return new Run(exitCode, printed.toString(UTF_8), complained.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
