package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.MalformedCoseException;
import java.util.List;

/**
 * What anybody can read in an opener without a key: which chain and height it is bound to, who claims to have signed
 * it, for whom it is. Nothing of it is proved until {@link OpenerVerifier} has checked the signature. Immutable.
 *
 * <pre>
 * opener = [ &lt;&lt; {1: -9, 4: kid of the sender's sig key, 10: &lt;&lt; [chain name, height] &gt;&gt;} &gt;&gt;, {}, &lt;&lt; sealed &gt;&gt;, signature ]
 * </pre>
 */
public final class OpenerHead {
    /** Longest opener in bytes: a whole pack and 16 recipients. */
    public static final int MAX_BYTES = 10_240;

    /** Most recipients that one opener lists. */
    public static final int MAX_RECIPIENTS = SealedPart.MAX_RECIPIENTS;

    /** kid context (RFC 8613, section 5.1): where the kids resolve. */
    private static final int KID_CONTEXT = 10;

    private static final int MAX_CONTEXT_BYTES = 128;
    private static final int MAX_NAME_BYTES = 64;

    private final CoseSign1 message;
    private final SealedPart sealed;
    private final String chainName;
    private final long height;
    private final KeyId senderKid;

    private OpenerHead(CoseSign1 message, SealedPart sealed, String chainName, long height, KeyId senderKid) {
        this.message = message;
        this.sealed = sealed;
        this.chainName = chainName;
        this.height = height;
        this.senderKid = senderKid;
    }

    /**
     * Reads an opener.
     *
     * @throws MalformedMessageException unless the bytes are the one encoding of an opener with exactly the header
     *     sets of this profile and each recipient listed once
     */
    public static OpenerHead read(Bytes opener) throws MalformedMessageException {
        try {
            CoseSign1 message = CoseSign1.decode(opener, MAX_BYTES);
            Bytes header = message.protectedHeader();
            Bytes context = Headers.parameter(header, KID_CONTEXT).asBytes();
            List<Item> place = Cbor.decode(context, MAX_CONTEXT_BYTES).asArray(2);
            return new OpenerHead(
                    message,
                    SealedPart.decode(message.payload()),
                    place.get(0).asText(MAX_NAME_BYTES),
                    place.get(1).asUint(),
                    Headers.kidBesideParameter(header));
        } catch (MalformedCoseException | MalformedCborException e) {
            throw new MalformedMessageException(e);
        }
    }

    /** The protected header of an opener. */
    static Bytes protectedHeader(KeyId sender, ChainContext context) {
        Bytes place = Cbor.encode(Cbor.array(Cbor.text(context.chainName()), Cbor.uint(context.height())));
        return Headers.signedBy(sender, KID_CONTEXT, Cbor.bytes(place));
    }

    /** The external_aad of an opener's signature. */
    static Bytes externalAad(ChainContext context) {
        return Cbor.encode(Cbor.array(Cbor.text("latchkey/1/opener"), Cbor.bytes(context.encoded())));
    }

    public String chainName() {
        return chainName;
    }

    public long height() {
        return height;
    }

    /** The key that the opener claims to be signed with. */
    public KeyId senderKid() {
        return senderKid;
    }

    /** The kids of the recipients' kex keys, in the order of the list. */
    public List<KeyId> recipients() {
        return sealed.recipients();
    }

    CoseSign1 message() {
        return message;
    }

    SealedPart sealed() {
        return sealed;
    }
}
