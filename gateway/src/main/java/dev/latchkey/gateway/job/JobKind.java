package dev.latchkey.gateway.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be asked for at {@code /a/x/KIND}. */
public enum JobKind {
    /** Take nothing new and wait until the cloud has everything. */
    DRAIN,
    /** Verify up to what the cloud has now. */
    SYNC,
    /** Check every stored block. */
    VERIFY,
    /** A copy of the store on the same disk, by hard links. */
    SNAPSHOT,
    /** New keys for this gateway on every chain that it serves. */
    ROTATE,
    /** A copy of store and settings in a directory of its own, with digests. */
    BACKUP;

    public static Optional<JobKind> of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
