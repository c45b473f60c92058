package dev.latchkey.device;

import dev.latchkey.transaction.Names;
import java.util.Optional;

/**
 * Who is meant: {@code name} in the device's own chain, or {@code name@chain}.
 *
 * @param chainName the chain, unless it is the device's own
 * @param name the member's name there
 */
record Address(Optional<String> chainName, String name) {
    private static final char AT = '@';

    /** Reads the text form; nothing, if no member can have such a name. */
    static Optional<Address> of(String text) {
        int at = text.indexOf(AT);
        Address address = at < 0
                ? new Address(Optional.empty(), text)
                : new Address(Optional.of(text.substring(at + 1)), text.substring(0, at));
        boolean valid = Names.isValid(address.name())
                && address.chainName().map(Names::isValid).orElse(true);
        return valid ? Optional.of(address) : Optional.empty();
    }

    @Override
    public String toString() {
        return chainName.map(chain -> name + AT + chain).orElse(name);
    }
}
