package dev.latchkey.senml;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.CborProfile;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The CBOR representation of a pack (RFC 8428, section 6). */
final class PackCbor {
    private PackCbor() {}

    static Bytes write(Pack pack) {
        List<Item> records = new ArrayList<>();
        for (Record record : pack.records()) {
            List<Item> keysAndValues = new ArrayList<>();
            record.fields().forEach((label, value) -> {
                keysAndValues.add(Cbor.integer(label.cborKey()));
                keysAndValues.add(item(label, value));
            });
            records.add(Cbor.map(keysAndValues.toArray(new Item[0])));
        }
        Bytes encoded = Cbor.encode(Cbor.array(records));
        if (encoded.size() > Pack.MAX_BYTES) {
            throw new IllegalStateException("a pack that is too long");
        }
        return encoded;
    }

    static Pack read(Bytes cbor) throws MalformedPackException {
        try {
            List<Record> records = new ArrayList<>();
            for (Item item :
                    Cbor.decode(cbor, Pack.MAX_BYTES, CborProfile.BOUNDED).asArray(1, Pack.MAX_RECORDS)) {
                records.add(record(item));
            }
            return new Pack(records);
        } catch (MalformedCborException e) {
            throw new MalformedPackException("not the CBOR of a pack", e);
        }
    }

    private static Record record(Item item) throws MalformedCborException, MalformedPackException {
        Record record = Record.empty();
        for (Map.Entry<Item, Item> field : item.asMap().entrySet()) {
            Optional<Label> label = label(field.getKey());
            if (label.isPresent()) {
                record = record.received(label.get(), value(label.get(), field.getValue()));
            }
        }
        return record;
    }

    /**
     * Integer labels beyond the table are unknown fields, and so are texts. A text ending in an underscore must be
     * understood; one that is the JSON name of a field stands for no field here, but a sloppy reader may take it for one.
     */
    private static Optional<Label> label(Item key) throws MalformedCborException, MalformedPackException {
        if (key.kind() == Item.Kind.TEXT) {
            String name = key.asText(Pack.MAX_BYTES);
            if (name.endsWith("_")) {
                throw new MalformedPackException("a field that must be understood");
            }
            if (Label.ofJsonName(name).isPresent()) {
                throw new MalformedPackException("a field by its JSON name");
            }
            return Optional.empty();
        }
        return Label.ofCborKey(key.asLong());
    }

    private static Value value(Label label, Item item) throws MalformedCborException {
        if (label.type() == Value.Text.class) {
            return Value.of(item.asText(Pack.MAX_BYTES));
        }
        if (label.type() == Value.Flag.class) {
            return Value.of(item.asBool());
        }
        if (label.type() == Value.Data.class) {
            return Value.of(item.asBytes());
        }
        if (label == Label.BASE_VERSION) {
            // RFC 8428, section 6: only an unsigned integer is allowed.
            return Value.of(BigDecimal.valueOf(item.asUint()));
        }
        return Value.of(number(item));
    }

    /** A float is taken as the shortest decimal that denotes it: what JSON would have said (RFC 8428, section 6). */
    private static BigDecimal number(Item item) throws MalformedCborException {
        BigDecimal exact = item.asNumber();
        return item.kind() == Item.Kind.FLOAT ? Numbers.decimal(item.asDouble()) : exact;
    }

    private static Item item(Label label, Value value) {
        if (label == Label.BASE_VERSION) {
            return Cbor.uint(((Value.Number) value).number().longValueExact());
        }
        if (value instanceof Value.Number) {
            return Numbers.shortest(((Value.Number) value).number());
        }
        if (value instanceof Value.Text) {
            return Cbor.text(((Value.Text) value).text());
        }
        if (value instanceof Value.Flag) {
            return Cbor.bool(((Value.Flag) value).flag());
        }
        return Cbor.bytes(((Value.Data) value).data());
    }
}
