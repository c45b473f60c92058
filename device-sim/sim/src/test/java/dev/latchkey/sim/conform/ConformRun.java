package dev.latchkey.sim.conform;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.console.Cli;
import dev.latchkey.sim.SimMain;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/**
 * One run of the command in this process, as the launcher would start it: the whole command line, standard input, and
 * what came out. Tests of one JVM run one after the other, so they may each have the standard streams.
 */
record ConformRun(int exitCode, List<String> answers, String complaints) {
    static ConformRun of(String kind, String input) {
        return of(kind, input.getBytes(UTF_8));
    }

    static ConformRun of(String kind, byte[] input) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input));
            System.setOut(new PrintStream(printed, false, UTF_8));
            System.setErr(new PrintStream(complained, true, UTF_8));
            int exitCode = Cli.run(SimMain.class, "conform", kind);
            return new ConformRun(exitCode, printed.toString(UTF_8).lines().toList(), complained.toString(UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }
}
