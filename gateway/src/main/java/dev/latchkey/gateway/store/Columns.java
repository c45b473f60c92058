package dev.latchkey.gateway.store;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyHandle;

/** The open column family of each table. */
final class Columns {
    private final Map<Table, ColumnFamilyHandle> handles = new EnumMap<>(Table.class);

    void open(Table table, ColumnFamilyHandle handle) {
        handles.put(table, handle);
    }

    ColumnFamilyHandle of(Table table) {
        return handles.get(table);
    }

    List<ColumnFamilyHandle> all() {
        return List.copyOf(handles.values());
    }

    void close() {
        handles.values().forEach(ColumnFamilyHandle::close);
    }
}
