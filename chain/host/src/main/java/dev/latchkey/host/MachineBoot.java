package dev.latchkey.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Which run of the machine this is, from its start to its end. Stateless. */
public final class MachineBoot {
    /** A random number that Linux draws once at its start. */
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private static final int UUID_CHARACTERS = 36;

    private MachineBoot() {}

    /**
     * The id of this run, another after every start of the machine.
     *
     * @return empty where the system tells none
     */
    public static Optional<String> id() {
        return id(LINUX);
    }

    static Optional<String> id(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).strip();
            return text.length() == UUID_CHARACTERS
                    ? Optional.of(UUID.fromString(text).toString())
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
