package dev.latchkey.export;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.transaction.MalformedTransactionException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes an export: the file appears whole or not at all. Stateless. */
public final class ExportWriter {
    private static final int BUFFER_BYTES = 256 * 1024;

    private ExportWriter() {}

    /**
     * What was written.
     *
     * @param state the chain after genesis, for its names
     * @param blocks how many, up to the checkpoint's
     * @param unsigned how many newer ones were left out, since no replica signed them
     * @param bytes the file's length
     */
    public record Written(ChainState state, long blocks, long unsigned, long bytes) {}

    /**
     * Copies a chain up to its checkpoint; verifies nothing but genesis' form.
     *
     * @param step called after each block
     */
    public static Written write(ChainSource source, Path file, Runnable step)
            throws IOException, MalformedSourceException {
        Path target = file.toAbsolutePath();
        Path draft = target.resolveSibling("." + target.getFileName() + ".new");
        try {
            ChainState genesis;
            try (FileChannel channel = FileChannel.open(
                            draft,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
                genesis = copy(source, out, step);
                out.flush();
                channel.force(true); // content before name: a name that survives a crash has it all
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            long blocks = source.checkpointHeight() + 1;
            return new Written(genesis, blocks, source.height() + 1 - blocks, Files.size(target));
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static ChainState copy(ChainSource source, OutputStream out, Runnable step)
            throws IOException, MalformedSourceException {
        Bytes first = block(source);
        ChainState genesis = genesis(first);
        put(out, ExportHeader.of(genesis, source.checkpointHeight()).encode());
        put(out, Cbor.encode(Cbor.bytes(first)));
        step.run();
        for (long height = 1; height <= source.checkpointHeight(); height++) {
            put(out, Cbor.encode(Cbor.bytes(block(source))));
            step.run();
        }
        put(out, Cbor.encode(Cbor.bytes(source.checkpoint())));
        return genesis;
    }

    private static Bytes block(ChainSource source) throws IOException, MalformedSourceException {
        return source.next().orElseThrow(() -> new MalformedSourceException("blocks end before the checkpoint"));
    }

    private static ChainState genesis(Bytes block) throws MalformedSourceException {
        try {
            Block decoded = Block.decode(block);
            if (decoded.transactions().size() != 2) {
                throw new MalformedSourceException("block 0 is not genesis");
            }
            return Ledger.genesis(decoded.transactions().get(1)).state();
        } catch (MalformedBlockException | MalformedTransactionException e) {
            throw new MalformedSourceException("block 0 is not genesis", e);
        }
    }

    private static void put(OutputStream out, Bytes bytes) throws IOException {
        out.write(bytes.toArray());
    }
}
