package dev.latchkey.protocol;

import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.Names;

/** Reading of fields that several messages share. */
final class Wire {
    private Wire() {}

    static String name(Item item) throws MalformedCborException, MalformedMessageException {
        String text = item.asText(Names.MAX);
        if (!Names.isValid(text)) {
            throw new MalformedMessageException("not a name");
        }
        return text;
    }

    static int messageFormat(Item item) throws MalformedCborException, MalformedMessageException {
        long format = item.asUint();
        if (format != ContentFormat.COSE_SIGN1 && format != ContentFormat.COSE_ENCRYPT0) {
            throw new MalformedMessageException("neither an opener nor a reading");
        }
        return (int) format;
    }
}
