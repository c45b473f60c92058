package dev.latchkey.sim.conform;

import dev.latchkey.console.Cli;
import dev.latchkey.console.UsageFault;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code latchkey conform}: test vectors from standard input, answers to standard output. */
@Command(
        name = "conform",
        header = "Run test vectors of others through the code that production runs.",
        description = {
            "Reads one JSON object a line from standard input. For each it prints one line: the object's id, a space, and"
                    + " accept, reject, or the value that the kind asks for in lower-case hexadecimal. A line that is no"
                    + " case is rejected, and standard error says why; no case ends the run.",
            "",
            "Kinds: ecdsa-p1363, ecdh, hkdf, aes-ccm, inclusion, consistency, merkle-root, smt, cose-sign1,"
                    + " cose-encrypt0, cose-encrypt, cbor-strict, pow-header. device-sim/README.md lists their fields."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey conform ecdsa-p1363 < cases.jsonl",
            "  echo '{\"id\":1,\"cbor\":\"1818\"}' | latchkey conform cbor-strict"
        },
        mixinStandardHelpOptions = true)
public final class ConformCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KIND", description = "what the cases test")
    private String kind;

    @Override
    public Integer call() throws IOException {
        Judge judge = Kind.labelled(kind).map(Kind::judge).orElseThrow(() -> unknown(kind));
        CaseRun run = new CaseRun(judge, System.in, new BufferedOutputStream(System.out), System.err);
        boolean sound = run.toTheEnd();
        if (System.out.checkError()) {
            throw new IOException("standard output takes no more");
        }
        return sound ? Cli.OK : Cli.FAILED;
    }

    private static UsageFault unknown(String kind) {
        String kinds = Arrays.stream(Kind.values()).map(Kind::label).collect(Collectors.joining(", "));
        return new UsageFault("no kind " + kind + "; there are " + kinds);
    }
}
