package dev.latchkey.cloud.operator;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every verb takes that signs a transaction and sends it. */
final class SigningOptions extends NetworkOptions {
    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "An operator's key, instead of those that network.conf names; may be repeated.")
    private List<Path> keys = List.of();

    @Option(names = "--yes", description = "Sign without asking.")
    private boolean yes;

    @Option(
            names = "--part",
            paramLabel = "FILE",
            description = "Where to write the transaction if operators still have to sign it (default: in --dir).")
    private Path part;

    List<Path> keys() {
        return keys;
    }

    boolean yes() {
        return yes;
    }

    Optional<Path> part() {
        return Optional.ofNullable(part);
    }
}
