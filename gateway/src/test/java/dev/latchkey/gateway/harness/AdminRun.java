package dev.latchkey.gateway.harness;

import dev.latchkey.console.Cli;
import dev.latchkey.gateway.admin.AdminCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * What {@code latchkey admin} said when it was run in this process. Who uses it holds the locks on standard output and
 * standard error.
 *
 * @param code its exit code
 * @param out what it printed
 * @param complaint what it printed to standard error, less what others logged there meanwhile
 */
public record AdminRun(int code, String out, String complaint) {
    public static AdminRun of(String... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        int code;
        try {
            code = Cli.run(new AdminCommand(), arguments);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
        String complaint = err.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("latchkey:"))
                .collect(Collectors.joining("\n"));
        return new AdminRun(code, out.toString(StandardCharsets.UTF_8), complaint);
    }

    /** What it printed, if it ended well. */
    public static String output(String... arguments) {
        AdminRun run = of(arguments);
        if (run.code() != Cli.OK) {
            throw new AssertionError(run);
        }
        return run.out();
    }
}
