package dev.latchkey.gateway.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * The column families of a store. A table has its title as name; one that was salvaged has {@code ~} and a number behind it. Of
 * two for one table the one with the lower number counts: the other one was not finished.
 */
final class Families {
    private static final char NUMBERED = '~';

    private final List<String> names;
    private final ColumnOptions options;
    private final Map<Table, Integer> places = new LinkedHashMap<>();

    private Families(List<String> names, ColumnOptions options) {
        this.names = names;
        this.options = options;
        for (Table table : Table.values()) {
            for (int i = 0; i < names.size(); i++) {
                if (isOf(names.get(i), table)
                        && (!places.containsKey(table)
                                || number(names.get(i)) < number(names.get(places.get(table))))) {
                    places.put(table, i);
                }
            }
            if (!places.containsKey(table)) {
                places.put(table, names.size());
                names.add(table.title());
            }
        }
    }

    /** Those on disk, and those of tables that are not there yet. */
    static Families list(Path directory, ColumnOptions options) throws RocksDBException {
        List<String> names = new ArrayList<>();
        if (Files.exists(directory.resolve("CURRENT"))) {
            try (Options plain = new Options()) {
                RocksDB.listColumnFamilies(plain, directory.toString())
                        .forEach(name -> names.add(new String(name, StandardCharsets.US_ASCII)));
            }
        }
        String first = new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.US_ASCII);
        names.remove(first);
        names.add(0, first);
        return new Families(names, options);
    }

    List<ColumnFamilyDescriptor> descriptors() {
        ColumnFamilyOptions[] each = new ColumnFamilyOptions[names.size()];
        Arrays.fill(each, options.plain());
        places.forEach((table, place) -> each[place] = options.of(table));
        return IntStream.range(0, each.length)
                .mapToObj(i -> new ColumnFamilyDescriptor(names.get(i).getBytes(StandardCharsets.US_ASCII), each[i]))
                .toList();
    }

    int indexOf(Table table) {
        return places.get(table);
    }

    String nextTitle(Table table) {
        return table.title() + NUMBERED + (number(names.get(indexOf(table))) + 1);
    }

    /** Drops what a salvage did not bring to its end. */
    void dropUnfinished(RocksDB db, List<ColumnFamilyHandle> handles) throws RocksDBException {
        for (int i = 1; i < names.size(); i++) {
            if (!places.containsValue(i)) {
                db.dropColumnFamily(handles.get(i));
                handles.get(i).close();
            }
        }
    }

    private static boolean isOf(String name, Table table) {
        return name.equals(table.title()) || name.startsWith(table.title() + NUMBERED);
    }

    private static int number(String name) {
        int at = name.indexOf(NUMBERED);
        return at < 0 ? 0 : Integer.parseInt(name.substring(at + 1));
    }
}
