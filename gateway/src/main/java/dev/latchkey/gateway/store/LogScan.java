package dev.latchkey.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Reads RocksDB's log files (blocks of 32 KiB, records with header of CRC-32C, length and type) for the one damage that it
 * passes over in silence: a header of zeros counts for room that was never used, and the rest of its block with it; and for
 * how far whole records go. Whatever else is odd is left to RocksDB. For one file, by one thread.
 */
final class LogScan {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int LAST_PLAIN_TYPE = 4;
    private static final int TYPE_MASK = 0x7f;
    private static final int BATCH_HEADER = 12;
    private static final int CRC_MASK = 0xa282ead8;
    private static final int CRC_TURN = 15;
    private static final long NO_SEQUENCE = -1;
    private static final byte NO_TYPE = 0x7f;

    private final ByteBuffer bytes;
    private final ByteBuffer batch = ByteBuffer.allocate(BATCH_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    private final boolean batches;
    /** Where room begins that looks unused, or -1. */
    private int skipped = -1;

    private long next;
    /** Whether a batch's first fragment was seen and not yet its whole header. */
    private boolean begun;

    private LogScan(byte[] file, boolean batches, long next) {
        this.batches = batches;
        this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        this.next = next;
    }

    /**
     * Whether changes are missing between two that are there, in the write-ahead logs of a store that is not open. Each
     * batch in them says the number of its first change and how many it has.
     *
     * @param oldest number of the oldest log that is needed: one that is left over may have lost its end in a crash, and
     *     others behind it may be gone
     * @return what is wrong, in words
     */
    static Optional<String> gap(Path directory, long oldest) throws IOException {
        long next = NO_SEQUENCE;
        for (Path log : logs(directory, oldest)) {
            LogScan scan;
            try {
                scan = new LogScan(Files.readAllBytes(log), true, next);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
            if (!scan.read()) {
                return Optional.of("changes are missing in the write-ahead log " + log.getFileName());
            }
            // Logs that are no longer needed go at any time and in any order, so behind a whole one others may be gone.
            next = scan.isWhole() ? NO_SEQUENCE : scan.next;
        }
        return Optional.empty();
    }

    /**
     * Takes from damaged places in the write-ahead logs and manifests what RocksDB 11.8 does not come back from: of garbage
     * whose type byte says a recycled record, or {@code kRecyclePredecessorWALInfo}, it reads without end. The byte becomes
     * one that no record has; the place was unreadable and stays so. A store that is open somewhere has no such places.
     */
    static void disarm(Path directory) throws IOException {
        for (Path log : files(directory, "[0-9]{1,18}\\.log|MANIFEST-[0-9]{1,18}")) {
            byte[] all;
            try {
                all = Files.readAllBytes(log);
            } catch (NoSuchFileException e) {
                continue;
            }
            for (int at : new LogScan(all, false, NO_SEQUENCE).untyped()) {
                try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.wrap(new byte[] {NO_TYPE}), at);
                    file.force(false);
                }
            }
        }
    }

    /** Where records that do not verify say a type that RocksDB does not write here. */
    private List<Integer> untyped() {
        List<Integer> places = new ArrayList<>();
        while (bytes.remaining() >= HEADER) {
            int at = bytes.position();
            int left = BLOCK - at % BLOCK;
            if (left >= HEADER) {
                int length = Short.toUnsignedInt(bytes.getShort(at + 4));
                boolean fits = length <= left - HEADER && length <= bytes.remaining() - HEADER;
                if (fits && bytes.getInt(at) == crc(at + 6, 1 + length)) {
                    bytes.position(at + HEADER + length);
                    continue;
                }
                if (Byte.toUnsignedInt(bytes.get(at + 6)) > LAST_PLAIN_TYPE) {
                    places.add(at + 6);
                }
            }
            bytes.position(Math.min(bytes.limit(), at + left));
        }
        return places;
    }

    private static List<Path> logs(Path directory, long oldest) throws IOException {
        return files(directory, "[0-9]{1,18}\\.log").stream()
                .filter(log -> number(log) >= oldest)
                .sorted(Comparator.comparingLong(LogScan::number))
                .toList();
    }

    private static List<Path> files(Path directory, String name) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().matches(name))
                    .toList();
        }
    }

    /**
     * Whether a log file holds nothing but whole records up to a place in it. RocksDB itself takes a length that leads beyond
     * the end of the file for a write that was cut off, also in the middle of what had been synced.
     */
    static boolean reaches(Path file, long size) throws IOException {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return false;
        }
        LogScan scan = new LogScan(all, false, NO_SEQUENCE);
        scan.read();
        return (scan.skipped < 0 ? scan.bytes.position() : scan.skipped) >= size;
    }

    /** Whether all of it was read, and nothing looked unused. */
    private boolean isWhole() {
        return skipped < 0 && !bytes.hasRemaining();
    }

    /** False if a batch does not follow the one before it, or follows room that looks unused. */
    private boolean read() {
        while (bytes.hasRemaining()) {
            int left = BLOCK - bytes.position() % BLOCK;
            if (left < HEADER) {
                bytes.position(Math.min(bytes.limit(), bytes.position() + left));
                continue;
            }
            if (bytes.remaining() < HEADER) {
                return true;
            }
            int at = bytes.position();
            int crc = bytes.getInt(at);
            int length = Short.toUnsignedInt(bytes.getShort(at + 4));
            int type = bytes.get(at + 6);
            if (type == 0 && length == 0) {
                skipped = skipped < 0 ? at : skipped;
                begun = false;
                bytes.position(Math.min(bytes.limit(), at + left));
                continue;
            }
            if (length > left - HEADER || length > bytes.remaining() - HEADER || crc != crc(at + 6, 1 + length)) {
                return true;
            }
            bytes.position(at + HEADER + length);
            if (batches && (type & TYPE_MASK) <= LAST_PLAIN_TYPE && !follows(type, at + HEADER, length)) {
                return false;
            }
        }
        return true;
    }

    /** Gathers a batch's first bytes, which may lie in several fragments, and compares its number when they are there. */
    private boolean follows(int type, int at, int length) {
        if (type == FULL || type == FIRST) {
            if (skipped >= 0) {
                // Each write is synced before the next one begins: what was skipped had been on disk.
                return false;
            }
            batch.clear();
            // seven bytes before a block's end hold a header and nothing of the batch
            begun = true;
        } else if (!begun) {
            return true;
        }
        int part = Math.min(batch.remaining(), length);
        batch.put(batch.position(), bytes, at, part).position(batch.position() + part);
        if (batch.hasRemaining()) {
            return true;
        }
        begun = false;
        long first = batch.getLong(0);
        long count = Integer.toUnsignedLong(batch.getInt(Long.BYTES));
        boolean follows = next == NO_SEQUENCE || count == 0 || first == next;
        if (count > 0) {
            next = first + count;
        }
        return follows;
    }

    private int crc(int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), from, length);
        return Integer.rotateRight((int) crc.getValue(), CRC_TURN) + CRC_MASK;
    }

    private static long number(Path log) {
        String name = log.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }
}
