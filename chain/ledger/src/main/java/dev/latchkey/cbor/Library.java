package dev.latchkey.cbor;

import co.nstant.in.cbor.CborDecoder;
import co.nstant.in.cbor.CborEncoder;
import co.nstant.in.cbor.CborException;
import co.nstant.in.cbor.model.AbstractFloat;
import co.nstant.in.cbor.model.Array;
import co.nstant.in.cbor.model.ByteString;
import co.nstant.in.cbor.model.DataItem;
import co.nstant.in.cbor.model.DoublePrecisionFloat;
import co.nstant.in.cbor.model.HalfPrecisionFloat;
import co.nstant.in.cbor.model.Number;
import co.nstant.in.cbor.model.SimpleValue;
import co.nstant.in.cbor.model.SinglePrecisionFloat;
import co.nstant.in.cbor.model.UnicodeString;
import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The adapter to {@code co.nstant.in:cbor}: the only maker of its decoders and encoders. Takes only validated
 * bytes.
 */
final class Library {
    /** Bytes or elements reserved before they are seen; the default reserves whatever length the input claims. */
    private static final int MAX_PREALLOCATION = 1024;

    private Library() {}

    static List<Item> decode(byte[] validated, int count, CborProfile profile) throws MalformedCborException {
        CborDecoder decoder = decoder(validated);
        List<Item> items = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                items.add(fromLibrary(decoder.decodeNext(), profile));
            }
        } catch (CborException e) {
            throw new MalformedCborException(Reason.DECODER_REFUSED);
        }
        return Collections.unmodifiableList(items);
    }

    /** The shortest encoding that keeps the value. */
    static byte[] encode(double value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new CborEncoder(out).encode(shortest(value));
        } catch (CborException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private static CborDecoder decoder(byte[] validated) {
        CborDecoder decoder = new CborDecoder(new ByteArrayInputStream(validated));
        decoder.setMaxPreallocationSize(MAX_PREALLOCATION);
        decoder.setRejectDuplicateKeys(true);
        return decoder;
    }

    private static Item fromLibrary(DataItem item, CborProfile profile) throws MalformedCborException {
        return switch (item.getMajorType()) {
            case UNSIGNED_INTEGER -> Item.unsigned(((Number) item).getValue().longValue());
            case NEGATIVE_INTEGER ->
                Item.negative(((Number) item).getValue().not().longValue());
            case BYTE_STRING -> Item.of(Bytes.wrap(((ByteString) item).getBytes()));
            case UNICODE_STRING -> Item.of(((UnicodeString) item).getString());
            case ARRAY -> arrayFrom((Array) item, profile);
            case MAP -> mapFrom((co.nstant.in.cbor.model.Map) item, profile);
            case SPECIAL -> specialFrom(item);
            default -> throw new MalformedCborException(Reason.DECODER_REFUSED);
        };
    }

    private static Item arrayFrom(Array array, CborProfile profile) throws MalformedCborException {
        List<DataItem> elements = array.getDataItems();
        if (array.hasTag()) {
            return Item.decimal(fromLibrary(elements.get(0), profile), fromLibrary(elements.get(1), profile));
        }
        List<Item> items = new ArrayList<>(elements.size());
        for (DataItem element : elements) {
            items.add(fromLibrary(element, profile));
        }
        return Item.array(Collections.unmodifiableList(items));
    }

    private static Item mapFrom(co.nstant.in.cbor.model.Map map, CborProfile profile) throws MalformedCborException {
        Collection<DataItem> keys = map.getKeys();
        Map<Item, Item> entries = new LinkedHashMap<>(2 * keys.size());
        for (DataItem key : keys) {
            if (entries.put(fromLibrary(key, profile), fromLibrary(map.get(key), profile)) != null) {
                throw new MalformedCborException(Reason.DUPLICATE_KEY);
            }
        }
        return profile == CborProfile.DETERMINISTIC
                ? Item.map(Collections.unmodifiableMap(entries))
                : Cbor.map(entries);
    }

    private static Item specialFrom(DataItem item) throws MalformedCborException {
        if (item instanceof AbstractFloat number) {
            return Item.real(number.getValue());
        }
        if (item instanceof DoublePrecisionFloat number) {
            return Item.real(number.getValue());
        }
        if (SimpleValue.NULL.equals(item)) {
            return Cbor.NULL;
        }
        if (SimpleValue.TRUE.equals(item)) {
            return Cbor.bool(true);
        }
        if (SimpleValue.FALSE.equals(item)) {
            return Cbor.bool(false);
        }
        throw new MalformedCborException(Reason.DECODER_REFUSED);
    }

    private static DataItem shortest(double value) {
        float single = (float) value;
        if (Double.isNaN(value) || single == value && HalfPrecision.canHold(single)) {
            return new HalfPrecisionFloat(single);
        }
        return single == value ? new SinglePrecisionFloat(single) : new DoublePrecisionFloat(value);
    }
}
