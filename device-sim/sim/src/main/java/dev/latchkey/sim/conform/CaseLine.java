package dev.latchkey.sim.conform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One line of input as JSON (RFC 8259): an object with an {@code id}. For one thread. */
final class CaseLine {
    /** What stands for the id of a line in which none could be read. */
    static final String NO_ID = "?";

    /** Deeper than the fields of any kind. */
    private static final int MAX_DEPTH = 8;
    /** Digits: more than 2^64 has, few enough that no number is slow to read. */
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final int MAX_NAME_LENGTH = 256;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(InputLines.MAX_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, Object> fields = new HashMap<>();
    private final Optional<String> fault;

    /** Reads a line; a fault in it is kept, not thrown, for even then its id may be known. */
    CaseLine(byte[] line) {
        this.fault = read(line);
    }

    /** A line of which nothing was read. */
    static CaseLine unread(String fault) {
        return new CaseLine(fault);
    }

    private CaseLine(String fault) {
        this.fault = Optional.of(fault);
    }

    /** The id as given, or {@link #NO_ID}. */
    String id() {
        Object id = fields.get("id");
        return isId(id) ? id.toString() : NO_ID;
    }

    /** The case that the line is. */
    Case asCase() throws MalformedCaseException {
        if (fault.isPresent()) {
            throw new MalformedCaseException(fault.get());
        }
        return new Case(fields);
    }

    private Optional<String> read(byte[] line) {
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.of("not a JSON object");
            }
            members(parser, fields);
            if (parser.nextToken() != null) {
                return Optional.of("more than one JSON object");
            }
        } catch (IOException e) {
            return Optional.of("broken JSON");
        }
        return isId(fields.get("id")) ? Optional.empty() : Optional.of("no id");
    }

    /** A text on one line, or an integer. */
    private static boolean isId(Object id) {
        return id instanceof BigInteger
                || id instanceof String text && !text.isEmpty() && text.chars().noneMatch(Character::isISOControl);
    }

    private static void members(JsonParser parser, Map<String, Object> into) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            into.put(name, value(parser));
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> object = new HashMap<>();
                members(parser, object);
                return object;
            case START_ARRAY:
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                return elements;
            case VALUE_STRING:
                return parser.getText();
            case VALUE_NUMBER_INT:
                return parser.getBigIntegerValue();
            case VALUE_NULL:
                return null;
            default:
                // Fractions and truth values: no kind has a field for them.
                return parser.currentToken();
        }
    }
}
