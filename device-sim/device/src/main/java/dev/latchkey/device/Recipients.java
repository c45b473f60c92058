package dev.latchkey.device;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** To whom one thing is sent: 1 to 16 members, each once, in the order of their names. Immutable. */
record Recipients(List<Address> addresses) {
    private static final int MAX = 16;

    Recipients {
        addresses = List.copyOf(addresses);
    }

    /** Nothing if one is no name of a member, or there are too many. */
    static Optional<Recipients> of(Collection<String> names) {
        TreeMap<String, Address> sorted = new TreeMap<>();
        for (String name : names) {
            Optional<Address> address = Address.of(name);
            if (address.isEmpty()) {
                return Optional.empty();
            }
            sorted.put(name, address.get());
        }
        return sorted.isEmpty() || sorted.size() > MAX
                ? Optional.empty()
                : Optional.of(new Recipients(List.copyOf(sorted.values())));
    }

    boolean isOne() {
        return addresses.size() == 1;
    }

    /** The names with commas between them. */
    @Override
    public String toString() {
        return addresses.stream().map(Address::toString).collect(Collectors.joining(","));
    }
}
