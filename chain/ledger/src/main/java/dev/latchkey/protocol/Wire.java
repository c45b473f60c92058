package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.Names;
import java.util.Base64;

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

    /**
     * The bytes of a text form: the prefix, then base64url without padding, of at most {@code max} bytes. Padding, or bits
     * that carry nothing and are not zero, are refused: bytes have one text.
     */
    static Bytes fromText(String text, String prefix, int max, String otherwise) throws MalformedMessageException {
        String line = text.strip();
        if (!line.startsWith(prefix) || line.length() - prefix.length() > (max * 4L + 2) / 3) {
            throw new MalformedMessageException(otherwise);
        }
        String encoded = line.substring(prefix.length());
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(otherwise);
        }
        if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(encoded)) {
            throw new MalformedMessageException(otherwise);
        }
        return Bytes.wrap(bytes);
    }

    /** Also of what the gateway itself puts into an inbox. */
    static int inboxFormat(Item item) throws MalformedCborException, MalformedMessageException {
        return item.asUint() == ContentFormat.CBOR ? ContentFormat.CBOR : messageFormat(item);
    }

    static int messageFormat(Item item) throws MalformedCborException, MalformedMessageException {
        long format = item.asUint();
        if (format != ContentFormat.COSE_SIGN1 && format != ContentFormat.COSE_ENCRYPT0) {
            throw new MalformedMessageException("neither an opener nor a reading");
        }
        return (int) format;
    }
}
