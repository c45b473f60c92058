package dev.latchkey.cloud.explore;

import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.AtomicFile;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The head that was seen before: what the chain must continue. It was verified before it was kept. Immutable. */
record Remembered(Checkpoint checkpoint) {
    /** What stands in the file, if there is one. */
    static Optional<Remembered> read(Optional<Path> file, ChainId chain) throws IOException {
        if (file.isEmpty() || !Files.exists(file.get())) {
            return Optional.empty();
        }
        try {
            Checkpoint seen = SignedCheckpoint.decode(AtomicFile.read(file.get(), SignedCheckpoint.MAX_BYTES))
                    .checkpoint();
            if (!seen.chain().equals(chain)) {
                throw new UsageFault("the file remembers another chain: " + file.get());
            }
            return Optional.of(new Remembered(seen));
        } catch (MalformedCheckpointException e) {
            throw new UsageFault("the file remembers no checkpoint: " + file.get());
        }
    }

    /** Refuses a chain that does not continue what was seen. */
    void require(ProvedChain chain) throws IOException, FalseProofException {
        chain.proveContinues(checkpoint, "that the head continues the one remembered");
    }

    static void write(Path file, ProvedChain chain) throws IOException {
        AtomicFile.write(file, chain.head().encode(), AtomicFile.Mode.SHARED);
    }
}
