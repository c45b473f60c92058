package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.host.AtomicFile.Mode;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.PartTransaction;
import java.io.IOException;
import java.nio.file.Path;

/** A file that holds a transaction some of whose signatures are missing. Stateless. */
public final class PartFile {
    private PartFile() {}

    /**
     * Reads it.
     *
     * @throws UsageFault if that is no part of a transaction
     */
    public static PartTransaction read(Path file) throws IOException {
        try {
            return PartTransaction.fromText(
                    AtomicFile.read(file, 2 * PartTransaction.MAX_BYTES).toUtf8());
        } catch (MalformedMessageException | IllegalArgumentException e) {
            throw new UsageFault("not a part of a transaction: " + file + ", " + e.getMessage());
        }
    }

    /** Writes it, for its owner alone. */
    public static void write(PartTransaction part, Path file) throws IOException {
        AtomicFile.write(file, Bytes.utf8(part.toText() + "\n"), Mode.PRIVATE);
    }
}
