package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.Optional;

/**
 * Content with its SHA-256 behind it. What a device has verified is not verified again when it is read back, so a file that
 * was damaged has to be told from a whole one. Stateless.
 */
final class Whole {
    static final int EXTRA = Digest.SIZE;

    private Whole() {}

    static Bytes of(Bytes content) {
        return Bytes.concat(content, Digest.sha256(content).bytes());
    }

    /** The content; nothing if the file is damaged. */
    static Optional<Bytes> content(Bytes file) {
        int size = file.size() - EXTRA;
        if (size < 0) {
            return Optional.empty();
        }
        Bytes content = file.slice(0, size);
        return of(content).equals(file) ? Optional.of(content) : Optional.empty();
    }
}
