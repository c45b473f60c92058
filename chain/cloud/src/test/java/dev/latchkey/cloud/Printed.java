package dev.latchkey.cloud;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Catches what commands print on the thread that runs them: what other threads print meanwhile, as tests side by side do,
 * goes where it always went.
 */
public final class Printed {
    private static final Routed OUT = new Routed(System.out);
    private static final Routed ERR = new Routed(System.err);

    static {
        System.setOut(new PrintStream(OUT, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(ERR, true, StandardCharsets.UTF_8));
    }

    private Printed() {}

    /** From now on, until {@link #end()}, this thread prints to these. */
    public static void to(OutputStream out, OutputStream err) {
        OUT.caught.set(out);
        ERR.caught.set(err);
    }

    /** This thread prints as all others again. */
    public static void end() {
        OUT.caught.remove();
        ERR.caught.remove();
    }

    /** Goes to what the writing thread catches with, or else to where it went before. */
    private static final class Routed extends OutputStream {
        private final PrintStream before;
        private final ThreadLocal<OutputStream> caught = new ThreadLocal<>();

        Routed(PrintStream before) {
            this.before = before;
        }

        private OutputStream target() {
            OutputStream own = caught.get();
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
