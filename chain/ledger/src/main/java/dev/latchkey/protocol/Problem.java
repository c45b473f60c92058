package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import java.util.Map;

/**
 * Concise problem details (RFC 9290, section 2): {@code {-1: code, -2: detail}}.
 *
 * @param code the title: one of the codes that the module READMEs list, like {@code name-taken}
 * @param detail a sentence that says what to do, possibly empty
 */
public record Problem(String code, String detail) {
    /** Longest encoded problem in bytes. */
    public static final int MAX_BYTES = 512;

    private static final int MAX_CODE = 64;
    private static final int MAX_DETAIL = 400;
    private static final Item TITLE = Cbor.integer(-1);
    private static final Item DETAIL = Cbor.integer(-2);

    public Problem {
        if (code.isEmpty() || code.length() > MAX_CODE || detail.length() > MAX_DETAIL) {
            throw new IllegalArgumentException("a problem text is too long");
        }
    }

    public Bytes encode() {
        return Cbor.encode(
                detail.isEmpty()
                        ? Cbor.map(TITLE, Cbor.text(code))
                        : Cbor.map(TITLE, Cbor.text(code), DETAIL, Cbor.text(detail)));
    }

    public static Problem decode(Bytes encoded) throws MalformedMessageException {
        try {
            Map<Item, Item> members = Cbor.decode(encoded, MAX_BYTES).asMap();
            Item code = members.get(TITLE);
            Item detail = members.get(DETAIL);
            if (code == null || members.size() > 2 || members.size() == 2 && detail == null) {
                throw new MalformedMessageException("not problem details");
            }
            return new Problem(text(code, MAX_CODE), detail == null ? "" : text(detail, MAX_DETAIL));
        } catch (MalformedCborException e) {
            throw new MalformedMessageException("not problem details", e);
        }
    }

    /** A text that says something; who has nothing to say leaves the member out. */
    private static String text(Item item, int max) throws MalformedCborException, MalformedMessageException {
        String text = item.asText(max);
        if (text.isEmpty()) {
            throw new MalformedMessageException("not problem details");
        }
        return text;
    }
}
