package dev.latchkey.cloud.operator;

import dev.latchkey.console.UsageFault;
import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** Asks whether to sign what was just printed. Stateless. */
final class Consent {
    private Consent() {}

    /**
     * Whether to go on: yes, if it was said on the command line, or is said on the terminal.
     *
     * @throws UsageFault if there is nobody to ask
     */
    static boolean given(boolean yes, String question) {
        if (yes) {
            return true;
        }
        Console console = terminal()
                .orElseThrow(() -> new UsageFault(
                        "nothing was signed: there is no terminal to ask on; read the above, and say it with --yes"));
        String answer = console.readLine("%s [y/N] ", question);
        return answer != null && (answer.strip().equals("y") || answer.strip().equals("yes"));
    }

    /** From Java 22 on there is a console without a terminal too. */
    static Optional<Console> terminal() {
        Console console = System.console();
        if (console == null) {
            return Optional.empty();
        }
        try {
            Object is = Console.class.getMethod("isTerminal").invoke(console);
            return Boolean.TRUE.equals(is) ? Optional.of(console) : Optional.empty();
        } catch (NoSuchMethodException e) {
            return Optional.of(console);
        } catch (IllegalAccessException | InvocationTargetException e) {
            return Optional.empty();
        }
    }
}
