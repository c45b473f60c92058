package dev.latchkey.vectors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A published example: a tree of maps, lists, texts and numbers. A test that needs one is skipped where there are none. */
public final class Vectors {
    private final Object node;

    private Vectors(Object node) {
        this.node = node;
    }

    /** The bytes of a file of vectors. */
    public static Bytes bytes(String file) throws IOException {
        Path directory = Path.of(System.getProperty("latchkey.vectors", "no vectors given"));
        assumeTrue(
                Files.isDirectory(directory), "no published vectors here: set -Dlatchkey.vectors to their directory");
        return Bytes.wrap(Files.readAllBytes(directory.resolve(file)));
    }

    /** A JSON file of vectors. */
    public static Vectors json(String file) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(bytes(file).toArray())) {
            parser.nextToken();
            return new Vectors(tree(parser));
        }
    }

    /** The node at a path of member names and list indices. */
    public Vectors at(Object... path) {
        Object found = node;
        for (Object step : path) {
            found = step instanceof Integer ? ((List<?>) found).get((Integer) step) : ((Map<?, ?>) found).get(step);
        }
        return new Vectors(found);
    }

    public Bytes hex() {
        return Bytes.fromHex((String) node);
    }

    public String text() {
        return (String) node;
    }

    private static Object tree(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(tree(parser));
            }
            return list;
        }
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, tree(parser));
            }
            return map;
        }
        return parser.getText();
    }
}
