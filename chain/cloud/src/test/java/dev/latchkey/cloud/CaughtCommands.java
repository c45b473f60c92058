package dev.latchkey.cloud;

import dev.latchkey.console.Cli;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs commands of the cloud on the test's own thread and keeps what the last one printed. */
final class CaughtCommands implements BeforeEachCallback, AfterEachCallback {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public void beforeEach(ExtensionContext context) {
        Printed.to(out, err);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Printed.end();
    }

    /** {@code latchkey} with these arguments; its exit code. */
    int run(Object... arguments) {
        out.reset();
        err.reset();
        return Cli.run(
                CloudMain.command(), Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
