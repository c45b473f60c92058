package dev.latchkey.sim.conform;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.latchkey.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A published vector: a tree of maps, lists and values. A test that needs one is skipped where there are none. */
record Vectors(Object node) {
    static Path directory() {
        Path directory = Path.of(System.getProperty("latchkey.vectors", "no vectors given"));
        assumeTrue(
                Files.isDirectory(directory), "no published vectors here: set -Dlatchkey.vectors to their directory");
        return directory;
    }

    /** All files below a directory of vectors whose name ends so. */
    static List<Path> files(String below, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory().resolve(below))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    static Vectors json(String file) throws IOException {
        return json(directory().resolve(file));
    }

    static Vectors json(Path file) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(Files.readAllBytes(file))) {
            parser.nextToken();
            return new Vectors(tree(parser));
        }
    }

    /** The node at a path of member names and list indices; one of nothing where there is none. */
    Vectors at(Object... path) {
        Object found = node;
        for (Object step : path) {
            if (found == null) {
                return new Vectors(null);
            }
            found = step instanceof Integer ? ((List<?>) found).get((Integer) step) : ((Map<?, ?>) found).get(step);
        }
        return new Vectors(found);
    }

    boolean exists() {
        return node != null;
    }

    List<Vectors> each() {
        return node == null
                ? List.of()
                : ((List<?>) node).stream().map(Vectors::new).toList();
    }

    String text() {
        return (String) node;
    }

    boolean isTrue() {
        return Boolean.TRUE.equals(node);
    }

    Bytes base64Url() {
        return Bytes.wrap(Base64.getUrlDecoder().decode(text()));
    }

    /** Nothing is no bytes. */
    Bytes base64() {
        return node == null ? Bytes.EMPTY : Bytes.wrap(Base64.getDecoder().decode(text()));
    }

    private static Object tree(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(tree(parser));
            }
            return list;
        }
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, tree(parser));
            }
            return map;
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE, VALUE_FALSE -> token == JsonToken.VALUE_TRUE;
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            default -> parser.getText();
        };
    }
}
