package dev.latchkey.sim.process;

import java.io.IOException;
import java.nio.file.Path;

/** A process that did not come into service; its message ends with the last line of its log. */
public final class ServiceFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    ServiceFailedException(String name, String how, Path log, String lastLine) {
        super("the " + name + " " + how + (lastLine.isEmpty() ? "" : ": " + lastLine) + " (log: " + log + ")");
    }
}
