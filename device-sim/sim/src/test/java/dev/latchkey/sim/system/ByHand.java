package dev.latchkey.sim.system;

import dev.latchkey.console.Cli;
import dev.latchkey.sim.hand.DeviceCommand;
import dev.latchkey.sim.process.Launcher;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/** Commands of a device as a user gives them, in this process: to start one takes longer than what most of them do. */
final class ByHand {
    private ByHand() {}

    /** {@code latchkey device ...}. */
    static Launcher.Result device(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return run(() -> Cli.run(new DeviceCommand(), words));
    }

    /** A command of any kind, with all that it prints on this thread and those it starts. */
    static Launcher.Result run(IntSupplier command) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code = Printed.to(output, errors, command);
        return new Launcher.Result(
                code, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    }
}
