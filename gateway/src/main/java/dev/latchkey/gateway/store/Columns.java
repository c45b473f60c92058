package dev.latchkey.gateway.store;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyHandle;

/** The open column family of each table. */
final class Columns {
    private final Map<Table, ColumnFamilyHandle> handles = new EnumMap<>(Table.class);
    private final int[] numbers = new int[Table.values().length];

    void open(Table table, ColumnFamilyHandle handle) {
        handles.put(table, handle);
        numbers[table.ordinal()] = handle.getID();
    }

    ColumnFamilyHandle of(Table table) {
        return handles.get(table);
    }

    /** By which a batch names the column family. */
    int number(Table table) {
        return numbers[table.ordinal()];
    }

    List<ColumnFamilyHandle> all() {
        return List.copyOf(handles.values());
    }

    void close() {
        handles.values().forEach(ColumnFamilyHandle::close);
    }
}
