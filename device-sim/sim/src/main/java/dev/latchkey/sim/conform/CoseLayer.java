package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.CborProfile;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.MalformedCoseException;
import java.util.List;

/**
 * A COSE message or recipient as others write them: header buckets, then what its structure holds (RFC 9052, section 2).
 * Latchkey's own messages come untagged, with exact header sets and in deterministic CBOR, and their decoders refuse
 * everything else; here the tag of the expected structure may stand in front, and map keys in any order.
 *
 * @param content what follows the buckets
 */
record CoseLayer(CoseHeaders headers, List<Item> content) {
    private static final int BUCKETS = 2;

    /** What a message is, by its tag (RFC 9052, section 2, table 1). */
    enum Structure {
        SIGN1("d2", 4),
        ENCRYPT0("d0", 3),
        ENCRYPT("d860", 4);

        private final Bytes tag;
        private final int elements;

        Structure(String tag, int elements) {
            this.tag = Bytes.fromHex(tag);
            this.elements = elements;
        }
    }

    /** Reads a message without a tag or with that of the structure. */
    static CoseLayer read(Bytes message, Structure structure) throws MalformedCborException, MalformedCoseException {
        Bytes untagged =
                message.startsWith(structure.tag) ? message.slice(structure.tag.size(), message.size()) : message;
        Item item = Cbor.decode(untagged, InputLines.MAX_BYTES, CborProfile.BOUNDED);
        return of(item.asArray(structure.elements));
    }

    /** Reads a recipient that has none of its own (RFC 9052, section 5.1). */
    static CoseLayer recipient(Item item) throws MalformedCborException, MalformedCoseException {
        return of(item.asArray(3));
    }

    private static CoseLayer of(List<Item> elements) throws MalformedCborException, MalformedCoseException {
        return new CoseLayer(
                CoseHeaders.read(elements.get(0), elements.get(1)), elements.subList(BUCKETS, elements.size()));
    }

    /** The payload, ciphertext or wrapped key; detached content is refused. */
    Bytes body() throws MalformedCborException {
        return content.get(0).asBytes();
    }

    /** The Enc_structure (RFC 9052, section 5.3): what the content's tag also covers. */
    Bytes encStructure(String context, Bytes externalAad) {
        return Cbor.encode(
                Cbor.array(Cbor.text(context), Cbor.bytes(headers.protectedBytes()), Cbor.bytes(externalAad)));
    }
}
