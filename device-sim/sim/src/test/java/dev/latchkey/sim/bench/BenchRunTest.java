package dev.latchkey.sim.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.console.Cli;
import dev.latchkey.sim.SimMain;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void refusesWhatItCannotMeasure() {
        assertThat(run("work", "--bits", "25").exitCode()).isEqualTo(Cli.USAGE);
        assertThat(run("proofs", "--members", "5").exitCode()).isEqualTo(Cli.USAGE);
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
