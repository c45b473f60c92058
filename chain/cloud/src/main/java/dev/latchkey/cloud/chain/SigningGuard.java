package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The last checkpoint that this node signed for a chain, on disk before the signature leaves. For one thread.
 *
 * <p>It keeps a node whose data directory was rolled back from signing a second history: one size, one root. No backup
 * may restore it. The file begins with its format, then come two slots written in turn, so that a torn write leaves the
 * one before: {@code number (8) height (8) history root (32) SHA-256 of number, height, root and chain id (32)}.
 */
final class SigningGuard implements AutoCloseable {
    private static final Bytes FORMAT = Bytes.utf8("latchkey-guard 1\n");
    private static final int SLOT_BYTES = 2 * Long.BYTES + 2 * Digest.SIZE;
    private static final int SLOTS_OFFSET = 512;
    private static final int SLOT_SPACING = 512;

    /** What was signed last. */
    record Signed(long height, Digest historyRoot) {}

    private final FileChannel file;
    private final ChainId chain;
    private long number;
    private Signed last;

    private SigningGuard(FileChannel file, ChainId chain) {
        this.file = file;
        this.chain = chain;
    }

    private static Path path(Path directory, ChainId chain) {
        return directory.resolve(chain.toHex() + ".guard");
    }

    /** Makes the guard of a new chain, with block 0 as the first thing that may be signed. */
    static SigningGuard create(Path directory, ChainId chain, Digest genesisRoot) throws IOException {
        FileChannel file = FileChannel.open(
                path(directory, chain), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SigningGuard guard = new SigningGuard(file, chain);
        guard.write(FORMAT, 0);
        guard.store(new Signed(0, genesisRoot));
        guard.file.force(true);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
        return guard;
    }

    /** Opens the guard of a chain, if it is there and whole. */
    static Optional<SigningGuard> open(Path directory, ChainId chain) throws IOException {
        Path path = path(directory, chain);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SigningGuard guard = new SigningGuard(file, chain);
        if (!guard.read(0, FORMAT.size()).equals(FORMAT)) {
            file.close();
            return Optional.empty();
        }
        guard.load(0);
        guard.load(1);
        if (guard.last == null) {
            file.close();
            return Optional.empty();
        }
        return Optional.of(guard);
    }

    /** What was signed last. */
    Signed last() {
        return last;
    }

    /**
     * Replaces what was signed last; on disk when it returns.
     *
     * @throws IllegalStateException if {@code expected} is not what was signed last, or {@code next} is no successor
     */
    void advance(Signed expected, Signed next) throws IOException {
        boolean follows = next.height() > last.height() || next.equals(last);
        if (!last.equals(expected) || !follows) {
            throw new IllegalStateException("the guard forbids this signature");
        }
        if (!next.equals(last)) {
            store(next);
            file.force(false);
        }
    }

    private void store(Signed next) throws IOException {
        number++;
        ByteBuffer slot = ByteBuffer.allocate(2 * Long.BYTES + Digest.SIZE)
                .putLong(number)
                .putLong(next.height())
                .put(next.historyRoot().bytes().toArray());
        Bytes content = Bytes.wrap(slot.array());
        write(Bytes.concat(content, seal(content)), offset(number));
        last = next;
    }

    private void load(int slot) throws IOException {
        Bytes bytes = read(offset(slot), SLOT_BYTES);
        if (bytes.size() != SLOT_BYTES) {
            return;
        }
        Bytes content = bytes.slice(0, SLOT_BYTES - Digest.SIZE);
        ByteBuffer numbers = ByteBuffer.wrap(content.toArray());
        long found = numbers.getLong();
        if (seal(content).equals(bytes.slice(content.size(), SLOT_BYTES)) && found > number) {
            number = found;
            last = new Signed(numbers.getLong(), Digest.of(content.slice(2 * Long.BYTES, content.size())));
        }
    }

    private Bytes seal(Bytes content) {
        return Digest.sha256(content, chain.bytes()).bytes();
    }

    private static long offset(long number) {
        return SLOTS_OFFSET + (number % 2) * SLOT_SPACING;
    }

    private void write(Bytes bytes, long offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.toArray());
        long at = offset;
        while (buffer.hasRemaining()) {
            at += file.write(buffer, at);
        }
    }

    private Bytes read(long offset, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        int count = 0;
        while (buffer.hasRemaining() && count >= 0) {
            count = file.read(buffer, offset + buffer.position());
        }
        return Bytes.of(java.util.Arrays.copyOf(buffer.array(), buffer.position()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
