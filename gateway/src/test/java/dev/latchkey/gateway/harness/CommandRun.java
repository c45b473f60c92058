package dev.latchkey.gateway.harness;

import dev.latchkey.console.Cli;
import dev.latchkey.gateway.admin.AdminCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * What a command said when it was run in this process, on this thread: what other threads print meanwhile, as tests side
 * by side do, goes where it always went.
 *
 * @param code its exit code
 * @param out what it printed
 * @param complaint its own lines on standard error
 */
public record CommandRun(int code, String out, String complaint) {
    private static final Routed OUT = new Routed(System.out);
    private static final Routed ERR = new Routed(System.err);

    static {
        System.setOut(new PrintStream(OUT, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(ERR, true, StandardCharsets.UTF_8));
    }

    /** Runs a command that prints on the thread that calls it. */
    public static CommandRun of(Object command, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OUT.captured.set(out);
        ERR.captured.set(err);
        int code;
        try {
            code = Cli.run(command, arguments);
        } finally {
            OUT.captured.remove();
            ERR.captured.remove();
        }
        String complaint = err.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("latchkey:"))
                .collect(Collectors.joining("\n"));
        return new CommandRun(code, out.toString(StandardCharsets.UTF_8), complaint);
    }

    /** {@code latchkey admin} with these arguments. */
    public static CommandRun admin(String... arguments) {
        return of(new AdminCommand(), arguments);
    }

    /** What {@code latchkey admin} printed, if it ended well. */
    public static String adminOutput(String... arguments) {
        CommandRun run = admin(arguments);
        if (run.code() != Cli.OK) {
            throw new AssertionError(run);
        }
        return run.out();
    }

    /** Goes to what the writing thread captures with, or else to where it went before. */
    private static final class Routed extends OutputStream {
        private final PrintStream before;
        private final ThreadLocal<OutputStream> captured = new ThreadLocal<>();

        Routed(PrintStream before) {
            this.before = before;
        }

        private OutputStream target() {
            OutputStream own = captured.get();
            return own == null ? before : own;
        }

        @Override
        public void write(int one) throws IOException {
            target().write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            target().write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            target().flush();
        }
    }
}
