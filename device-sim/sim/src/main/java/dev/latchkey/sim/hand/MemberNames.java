package dev.latchkey.sim.hand;

import dev.latchkey.console.UsageFault;
import dev.latchkey.transaction.Names;

/** Names of members as they are given to commands: NAME or NAME@CHAIN. Stateless. */
final class MemberNames {
    private static final char AT = '@';

    private MemberNames() {}

    /** A name without a chain, or that of a chain. */
    static void checkPlain(String given) {
        if (!Names.isValid(given)) {
            throw new UsageFault("a name has 1 to 32 of a-z 0-9 . _ - and begins with a letter or digit: " + given);
        }
    }

    static void check(String given) {
        int at = given.indexOf(AT);
        boolean valid = at < 0
                ? Names.isValid(given)
                : Names.isValid(given.substring(0, at)) && Names.isValid(given.substring(at + 1));
        if (!valid) {
            throw new UsageFault("not a member's name: " + given);
        }
    }
}
