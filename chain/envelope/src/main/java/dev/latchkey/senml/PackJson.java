package dev.latchkey.senml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.latchkey.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON representation of a pack (RFC 8428, section 5). */
final class PackJson {
    /** A pack is an array of flat objects; an unknown field may hold a little more. */
    private static final int MAX_DEPTH = 8;

    /** Longest number in characters; an exact double can be longer, but nobody writes it so. */
    private static final int MAX_NUMBER_LENGTH = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(Pack.MAX_BYTES)
                    .maxStringLength(Pack.MAX_JSON_BYTES)
                    .maxDocumentLength(Pack.MAX_JSON_BYTES)
                    .build())
            .build();

    private PackJson() {}

    static Pack read(Bytes json) throws MalformedPackException {
        if (json.size() > Pack.MAX_JSON_BYTES) {
            throw new MalformedPackException("a pack that is too long");
        }
        try (JsonParser parser = JSON.createParser(text(json))) {
            expect(parser.nextToken() == JsonToken.START_ARRAY, "a pack is an array");
            List<Record> records = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken() == JsonToken.START_OBJECT, "a record is an object");
                expect(records.size() < Pack.MAX_RECORDS, "too many records");
                records.add(record(parser));
            }
            expect(parser.nextToken() == null, "something after the pack");
            expect(!records.isEmpty(), "a pack without a record");
            return new Pack(records);
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedPackException("not the JSON of a pack", e);
        }
    }

    /** Strictly UTF-8 (RFC 8428, section 5); given bytes, the parser would guess at other encodings. */
    private static String text(Bytes json) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(json.toArray()))
                .toString();
    }

    private static Record record(JsonParser parser) throws IOException, MalformedPackException {
        Record record = Record.empty();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            Optional<Label> label = Label.ofJsonName(name);
            if (label.isPresent()) {
                record = record.received(label.get(), value(label.get(), token, parser));
            } else {
                expect(!name.endsWith("_"), "a field that must be understood");
                parser.skipChildren();
            }
        }
        return record;
    }

    private static Value value(Label label, JsonToken token, JsonParser parser)
            throws IOException, MalformedPackException {
        if (label.type() == Value.Text.class) {
            expect(token == JsonToken.VALUE_STRING, "a text was expected");
            return Value.of(parser.getText());
        }
        if (label.type() == Value.Flag.class) {
            expect(token.isBoolean(), "a truth value was expected");
            return Value.of(parser.getBooleanValue());
        }
        if (label.type() == Value.Data.class) {
            expect(token == JsonToken.VALUE_STRING, "base64url was expected");
            return Value.of(data(parser.getText()));
        }
        expect(token.isNumeric(), "a number was expected");
        return Value.of(parser.getDecimalValue());
    }

    /** One text has one meaning and the other way round: no padding, no stray bits in the last character. */
    private static Bytes data(String base64url) throws MalformedPackException {
        byte[] data = Base64.getUrlDecoder().decode(base64url);
        expect(text(data).equals(base64url), "base64url without padding was expected");
        return Bytes.wrap(data);
    }

    private static String text(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    private static void expect(boolean holds, String rule) throws MalformedPackException {
        if (!holds) {
            throw new MalformedPackException(rule);
        }
    }

    static Bytes write(Pack pack) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            generator.writeStartArray();
            for (Record record : pack.records()) {
                generator.writeStartObject();
                for (Map.Entry<Label, Value> field : record.fields().entrySet()) {
                    generator.writeFieldName(field.getKey().jsonName());
                    write(generator, field.getValue());
                }
                generator.writeEndObject();
            }
            generator.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (out.size() > Pack.MAX_JSON_BYTES) {
            throw new IllegalStateException("a pack that is too long");
        }
        return Bytes.wrap(out.toByteArray());
    }

    private static void write(JsonGenerator generator, Value value) throws IOException {
        if (value instanceof Value.Number) {
            generator.writeNumber(text(((Value.Number) value).number()));
        } else if (value instanceof Value.Text) {
            generator.writeString(((Value.Text) value).text());
        } else if (value instanceof Value.Flag) {
            generator.writeBoolean(((Value.Flag) value).flag());
        } else {
            generator.writeString(text(((Value.Data) value).data().toArray()));
        }
    }

    /** All digits, or a lower-case exponent as RFC 8428, section 5, demands. */
    private static String text(BigDecimal number) {
        boolean few = number.scale() < 0 && number.scale() > -MAX_NUMBER_LENGTH / 2;
        return few ? number.toPlainString() : number.toString().replace('E', 'e');
    }
}
