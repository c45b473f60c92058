package dev.latchkey.sim.bench;

import dev.latchkey.console.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One table of measured figures, for reading and as JSON. For one thread. */
final class Figures {
    private final String name;
    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    /**
     * @param name what is measured, a key of the JSON file
     * @param columns the columns' names, with units where the figures have none
     */
    Figures(String name, String... columns) {
        this.name = name;
        this.columns = List.of(columns);
    }

    /** Adds a row: text, numbers, durations. */
    void row(Object... cells) {
        rows.add(List.of(cells));
    }

    String name() {
        return name;
    }

    Table table() {
        Table table = new Table(columns.toArray(new String[0]));
        rows.forEach(row -> table.row(row.toArray()));
        return table;
    }

    /** One object for each row. */
    List<Map<String, Object>> json() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i), row.get(i));
            }
            objects.add(object);
        }
        return objects;
    }
}
