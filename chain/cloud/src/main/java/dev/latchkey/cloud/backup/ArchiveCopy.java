package dev.latchkey.cloud.backup;

import dev.latchkey.cbor.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What was copied of an archive. Immutable.
 *
 * @param chains how many
 * @param blocks of all chains
 * @param rows of all mailboxes
 * @param bytes its length
 */
public record ArchiveCopy(long chains, long blocks, long rows, long bytes) {
    /**
     * Copies an archive from where it is made, and checks on the way that it is whole.
     *
     * @param bytes told how many bytes were copied, again and again
     * @throws DamagedArchiveException if it is not
     */
    public static ArchiveCopy copy(InputStream from, OutputStream to, LongConsumer bytes)
            throws IOException, DamagedArchiveException {
        long chains = 0;
        long blocks = 0;
        long rows = 0;
        Recorder recorder = new Recorder(from, to, bytes);
        try (ArchiveReader archive = new ArchiveReader(recorder)) {
            for (Optional<Item> item = archive.next(); item.isPresent(); item = archive.next()) {
                int kind = archive.kind(item.get());
                chains += kind == Kind.CHAIN ? 1 : 0;
                blocks += kind < 0 ? 1 : 0;
                rows += kind == Kind.ROW ? 1 : 0;
            }
        }
        return new ArchiveCopy(chains, blocks, rows, recorder.count);
    }

    /** Writes down all that is read. */
    private static final class Recorder extends InputStream {
        private final InputStream from;
        private final OutputStream to;
        private final LongConsumer bytes;
        private long count;

        private Recorder(InputStream from, OutputStream to, LongConsumer bytes) {
            this.from = from;
            this.to = to;
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = from.read(buffer, offset, length);
            if (got > 0) {
                to.write(buffer, offset, got);
                count += got;
                bytes.accept(got);
            }
            return got;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
