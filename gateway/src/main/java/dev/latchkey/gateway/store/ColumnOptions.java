package dev.latchkey.gateway.store;

import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;

/**
 * How the tables lie in memory and on disk. Sealed messages and keys do not compress. Small files: a compaction needs little
 * room beside what it compacts.
 */
final class ColumnOptions implements AutoCloseable {
    /**
     * Rows are written out and merged half as often as with 4 MiB. With more than this a merge of four such tables with
     * the first level would need more room than the disk's reserve has beside the log.
     */
    private static final long WRITE_BUFFER_BYTES = 8L << 20;

    private static final long FILE_BYTES = 4L << 20;
    private static final long LEVEL_BYTES = 32L << 20;

    /**
     * Bytes of a key behind which rows come in ascending order, in tables where many such sequences grow side by side. RocksDB
     * remembers for each where in memory its last row went in (some 250 bytes until the next file), and need not search for
     * the place of the next one: that was a third of what it cost to write a reading.
     */
    private static final Map<Table, Integer> ASCENDING = Map.of(Table.SEEN, 48, Table.INBOX, 16);

    private final ColumnFamilyOptions plain;
    private final Map<Table, ColumnFamilyOptions> ascending = new EnumMap<>(Table.class);

    private ColumnOptions(boolean compacting) {
        plain = completed(new ColumnFamilyOptions(), compacting);
        ASCENDING.forEach((table, bytes) -> {
            Properties hint = new Properties();
            hint.setProperty("memtable_insert_with_hint_prefix_extractor", "fixed:" + bytes);
            ColumnFamilyOptions options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(hint);
            if (options == null) {
                throw new IllegalStateException("RocksDB does not know where rows are to go in");
            }
            ascending.put(table, completed(options, compacting));
        });
    }

    /** For a store that is used. */
    static ColumnOptions usual() {
        return new ColumnOptions(true);
    }

    /** For one that is only to be read and mended. */
    static ColumnOptions withoutCompactions() {
        return new ColumnOptions(false);
    }

    private static ColumnFamilyOptions completed(ColumnFamilyOptions options, boolean compacting) {
        return options.setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setTargetFileSizeBase(FILE_BYTES)
                .setMaxBytesForLevelBase(LEVEL_BYTES)
                .setDisableAutoCompactions(!compacting);
    }

    /** Of what is no table, or of any table whose rows come in any order. */
    ColumnFamilyOptions plain() {
        return plain;
    }

    ColumnFamilyOptions of(Table table) {
        return ascending.getOrDefault(table, plain);
    }

    @Override
    public void close() {
        ascending.values().forEach(ColumnFamilyOptions::close);
        plain.close();
    }
}
