package dev.latchkey.console;

/**
 * The user asked for something that cannot be: a wrong option, a settings file with a fault, a port in use. A command
 * that throws it ends with this message on one line and {@link Cli#USAGE}; there is never a stack trace to read.
 */
public final class UsageFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageFault(String message) {
        super(message);
    }
}
