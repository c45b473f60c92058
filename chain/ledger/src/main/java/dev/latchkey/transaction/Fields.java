package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reading and writing of the small parts that several formats share. */
final class Fields {
    private Fields() {}

    static String name(Item item) throws MalformedCborException, MalformedTransactionException {
        String text = item.asText(Names.MAX);
        if (!Names.isValid(text)) {
            throw new MalformedTransactionException("not a name");
        }
        return text;
    }

    static Item optional(Optional<Digest> digest) {
        return digest.map(present -> Cbor.bytes(present.bytes())).orElse(Cbor.NULL);
    }

    static Optional<Digest> optionalDigest(Item item) throws MalformedCborException {
        return item.isNull() ? Optional.empty() : Optional.of(Digest.of(item.asBytes(Digest.SIZE)));
    }

    static Item optionalBytes(Optional<Bytes> bytes) {
        return bytes.map(Cbor::bytes).orElse(Cbor.NULL);
    }

    static CoseKey key(Item item) throws MalformedCborException, MalformedTransactionException {
        try {
            return CoseKey.fromItem(item);
        } catch (MalformedKeyException e) {
            throw new MalformedTransactionException("not a public key of P-256", e);
        }
    }

    static Item keys(List<CoseKey> keys) {
        List<Item> items = new ArrayList<>();
        for (CoseKey key : keys) {
            items.add(key.item());
        }
        return Cbor.array(items);
    }

    static List<CoseKey> keys(Item array, int max) throws MalformedCborException, MalformedTransactionException {
        List<CoseKey> keys = new ArrayList<>();
        for (Item item : array.asArray(1, max)) {
            keys.add(key(item));
        }
        return keys;
    }

    static int threshold(Item item, int min, int of) throws MalformedCborException, MalformedTransactionException {
        long k = item.asUint();
        if (k < min || k > of) {
            throw new MalformedTransactionException("a threshold is out of range");
        }
        return (int) k;
    }
}
