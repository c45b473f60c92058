package dev.latchkey.sim.system;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * Catches what a command prints on the thread that runs it and on those it starts: what others print meanwhile, as tests
 * side by side do, goes where it always went.
 */
final class Printed {
    private static final Routed OUT = new Routed(System.out);
    private static final Routed ERR = new Routed(System.err);

    static {
        System.setOut(new Routing(OUT));
        System.setErr(new Routing(ERR));
    }

    private Printed() {}

    /** Runs a command that prints to these, and answers its exit code. */
    static int to(OutputStream out, OutputStream err, IntSupplier command) {
        OUT.caught.set(out);
        ERR.caught.set(err);
        try {
            return command.getAsInt();
        } finally {
            OUT.caught.remove();
            OUT.failed.remove();
            ERR.caught.remove();
            ERR.failed.remove();
        }
    }

    /** Tells of the errors of what this thread prints to, and not of others'. */
    private static final class Routing extends PrintStream {
        private final Routed routed;

        Routing(Routed routed) {
            super(routed, true, StandardCharsets.UTF_8);
            this.routed = routed;
        }

        @Override
        public boolean checkError() {
            flush();
            return routed.failed.get() || routed.caught.get() == null && routed.before.checkError();
        }
    }

    /** Goes to what the writing thread catches with, or else to where it went before. */
    private static final class Routed extends OutputStream {
        private final PrintStream before;
        private final InheritableThreadLocal<OutputStream> caught = new InheritableThreadLocal<>();
        private final ThreadLocal<Boolean> failed = ThreadLocal.withInitial(() -> false);

        Routed(PrintStream before) {
            this.before = before;
        }

        private OutputStream target() {
            OutputStream own = caught.get();
            return own == null ? before : own;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                target().write(bytes, from, length);
            } catch (IOException e) {
                failed.set(true);
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            target().flush();
        }
    }
}
