package dev.latchkey.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Writes plain values as JSON (RFC 8259): maps, iterables, text, numbers, booleans, null. An Optional is its value or
 * null, a Duration its seconds, anything else its text. Stateless.
 */
public final class Json {
    /** Deeper than anything we print, shallow enough for any stack. */
    private static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** One line. */
    public static String text(Object value) {
        return written(value, false);
    }

    /** Several lines, indented. */
    public static String pretty(Object value) {
        return written(value, true);
    }

    /** One line in UTF-8; leaves the stream open. */
    public static void write(OutputStream out, Object value) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            put(json, value, 0);
        }
    }

    private static String written(Object value, boolean indented) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            if (indented) {
                json.setPrettyPrinter(new DefaultPrettyPrinter());
            }
            put(json, value, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void put(JsonGenerator json, Object value, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deep");
        }
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                put(json, entry.getValue(), depth + 1);
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> items && !(value instanceof Path)) {
            json.writeStartArray();
            for (Object item : items) {
                put(json, item, depth + 1);
            }
            json.writeEndArray();
        } else if (value instanceof Optional<?> optional) {
            put(json, optional.orElse(null), depth);
        } else if (value instanceof Number number) {
            put(json, number);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Duration duration) {
            json.writeNumber(BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros());
        } else {
            json.writeString(value.toString());
        }
    }

    private static void put(JsonGenerator json, Number number) throws IOException {
        if (number instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else if (number instanceof BigInteger integer) {
            json.writeNumber(integer);
        } else if (number instanceof Double || number instanceof Float) {
            double real = number.doubleValue();
            if (Double.isFinite(real)) {
                json.writeNumber(real);
            } else {
                json.writeNull(); // JSON has no word for it
            }
        } else {
            json.writeNumber(number.longValue());
        }
    }
}
