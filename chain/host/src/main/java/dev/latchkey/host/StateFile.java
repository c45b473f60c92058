package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.MalformedSnapshotException;
import dev.latchkey.ledger.RestoredState;
import dev.latchkey.ledger.SnapshotReader;
import dev.latchkey.ledger.SnapshotWriter;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.transaction.ChainId;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The state of one chain in one file, so that a replica opens without replaying its blocks; the whole old or the whole
 * new one, whenever the machine stops. Losing it costs the time of a replay. One thread writes at a time; reading is for
 * the start, before anybody writes.
 *
 * <p>The file is a CBOR sequence (RFC 8742) of byte strings, one for each piece of {@link SnapshotWriter}.
 */
public final class StateFile {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int BYTE_STRING = 0x40;
    private static final int ONE_BYTE_LENGTH = 24;
    private static final int TWO_BYTE_LENGTH = 25;
    private static final int FOUR_BYTE_LENGTH = 26;

    private final Disk disk;
    private final Path file;
    private final ChainId chain;

    /** The state file of a chain in a directory, which {@link #write} makes if it is not there. */
    public StateFile(Path directory, ChainId chain) {
        this(Disk.REAL, directory, chain);
    }

    StateFile(Disk disk, Path directory, ChainId chain) {
        this.disk = disk;
        this.file = directory.resolve(chain.toHex() + ".state");
        this.chain = chain;
    }

    /**
     * Writes a state in place of the one that is there.
     *
     * @param history the tree over its headers; may be further
     */
    public void write(ChainState state, HistoryTree history) throws IOException {
        PrivateDirectory.make(file.toAbsolutePath().getParent());
        try {
            AtomicFile.write(
                    disk,
                    file,
                    out -> SnapshotWriter.write(state, history, piece -> write(out, piece)),
                    AtomicFile.Mode.PRIVATE);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Reads the state.
     *
     * @param block gives the stored block of a height, if there is one
     * @return empty if there is no file
     * @throws MalformedSnapshotException if the file is damaged, or the state of another chain or block
     */
    public Optional<RestoredState> read(LongFunction<Optional<Bytes>> block)
            throws IOException, MalformedSnapshotException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        AtomicFile.removeUnfinished(file);
        SnapshotReader reader = new SnapshotReader(chain);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            Optional<Bytes> piece = next(in);
            while (piece.isPresent()) {
                reader.accept(piece.get());
                piece = next(in);
            }
        } catch (EOFException e) {
            throw new MalformedSnapshotException("a stored state breaks off", e);
        }
        Optional<Bytes> at = block.apply(reader.height());
        if (at.isEmpty()) {
            throw new MalformedSnapshotException("the state of a block that is not there");
        }
        return Optional.of(reader.finish(at.get()));
    }

    static void write(OutputStream out, Bytes piece) {
        int size = piece.size();
        int head = size < ONE_BYTE_LENGTH ? 1 : size < 1 << 8 ? 2 : size < 1 << 16 ? 3 : 5;
        int form = size;
        if (head > 1) {
            form = head == 2 ? ONE_BYTE_LENGTH : head == 3 ? TWO_BYTE_LENGTH : FOUR_BYTE_LENGTH;
        }
        byte[] framed = new byte[head + size];
        framed[0] = (byte) (BYTE_STRING | form);
        for (int i = 1; i < head; i++) {
            framed[i] = (byte) (size >>> (head - 1 - i) * Byte.SIZE);
        }
        piece.copyTo(framed, head);
        try {
            out.write(framed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Optional<Bytes> next(InputStream in) throws IOException, MalformedSnapshotException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = first - BYTE_STRING;
        if (length < 0 || length > FOUR_BYTE_LENGTH) {
            throw new MalformedSnapshotException("not a byte string");
        }
        if (length >= ONE_BYTE_LENGTH) {
            int bytes = 1 << length - ONE_BYTE_LENGTH;
            long number = 0;
            for (int i = 0; i < bytes; i++) {
                number = number << Byte.SIZE | octet(in);
            }
            boolean shortest = number >= (bytes == 1 ? ONE_BYTE_LENGTH : 1L << bytes / 2 * Byte.SIZE);
            if (!shortest || number > SnapshotWriter.MAX_PIECE_BYTES) {
                throw new MalformedSnapshotException("a piece of a stored state has a wrong length");
            }
            length = (int) number;
        }
        byte[] piece = in.readNBytes(length);
        if (piece.length < length) {
            throw new EOFException();
        }
        return Optional.of(Bytes.wrap(piece));
    }

    private static int octet(InputStream in) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }
}
