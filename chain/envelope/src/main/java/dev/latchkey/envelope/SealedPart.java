package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.KeyId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The COSE_Encrypt inside an opener (RFC 9052, section 5.1), read but not opened:
 *
 * <pre>
 * sealed    = [ &lt;&lt; {1: 10} &gt;&gt;, {6: h'00'}, ciphertext, [ + recipient ] ]
 * recipient = [ &lt;&lt; {1: -29} &gt;&gt;, {4: kid, -1: ephemeral COSE_Key}, wrapped key ]
 * </pre>
 */
record SealedPart(Bytes ciphertext, List<SealedKey> keys) {
    /** Most recipients of one session; one opener for 16 is about 1.5 kB. */
    static final int MAX_RECIPIENTS = 16;

    static final Bytes PROTECTED = Cbor.encode(Cbor.map(Cbor.uint(1), Cbor.integer(Derivation.AES_CCM_16_64_128)));

    private static final Item KID = Cbor.uint(4);
    private static final Item PARTIAL_IV = Cbor.uint(6);
    private static final Item EPHEMERAL = Cbor.integer(-1);
    private static final Item UNPROTECTED = Cbor.map(PARTIAL_IV, Cbor.bytes(Bytes.of((byte) 0)));

    /** Length of a compressed P-256 COSE_Key in the ledger's form. */
    private static final int EPHEMERAL_SIZE = 42;

    /**
     * The content key, wrapped for one recipient.
     *
     * @param ephemeral the encoded COSE_Key as received; whether it is on the curve is not yet checked
     */
    record SealedKey(KeyId recipient, Bytes ephemeral, Bytes wrapped) {
        Item item() throws MalformedCborException {
            return Cbor.array(
                    Cbor.bytes(Derivation.RECIPIENT_PROTECTED),
                    Cbor.map(KID, Cbor.bytes(recipient.value()), EPHEMERAL, Cbor.decode(ephemeral, EPHEMERAL_SIZE)),
                    Cbor.bytes(wrapped));
        }
    }

    SealedPart {
        keys = List.copyOf(keys);
    }

    List<KeyId> recipients() {
        return keys.stream().map(SealedKey::recipient).toList();
    }

    Bytes encode() {
        try {
            List<Item> recipients = new ArrayList<>();
            for (SealedKey key : keys) {
                recipients.add(key.item());
            }
            return Cbor.encode(
                    Cbor.array(Cbor.bytes(PROTECTED), UNPROTECTED, Cbor.bytes(ciphertext), Cbor.array(recipients)));
        } catch (MalformedCborException e) {
            throw new IllegalStateException("a key that was read or made here is CBOR", e);
        }
    }

    static SealedPart decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, OpenerHead.MAX_BYTES).asArray(4);
            require(parts.get(0).asBytes().equals(PROTECTED));
            require(parts.get(1).equals(UNPROTECTED));
            Bytes ciphertext = parts.get(2).asBytes();
            require(ciphertext.size() > AesCcm.TAG_SIZE);
            List<SealedKey> keys = new ArrayList<>();
            for (Item recipient : parts.get(3).asArray(1, MAX_RECIPIENTS)) {
                keys.add(sealedKey(recipient));
            }
            Set<KeyId> distinct = new HashSet<>();
            for (SealedKey key : keys) {
                require(distinct.add(key.recipient()));
            }
            return new SealedPart(ciphertext, keys);
        } catch (MalformedCborException e) {
            throw new MalformedMessageException(e);
        }
    }

    private static SealedKey sealedKey(Item recipient) throws MalformedCborException, MalformedMessageException {
        List<Item> parts = recipient.asArray(3);
        require(parts.get(0).asBytes().equals(Derivation.RECIPIENT_PROTECTED));
        var unprotected = parts.get(1).asMap();
        require(unprotected.size() == 2 && unprotected.containsKey(KID) && unprotected.containsKey(EPHEMERAL));
        Bytes ephemeral = Cbor.encode(unprotected.get(EPHEMERAL));
        require(ephemeral.size() == EPHEMERAL_SIZE);
        return new SealedKey(
                new KeyId(unprotected.get(KID).asBytes(8)),
                ephemeral,
                parts.get(2).asBytes(KeyWrap.WRAPPED_SIZE));
    }

    private static void require(boolean holds) throws MalformedMessageException {
        if (!holds) {
            throw new MalformedMessageException();
        }
    }

    /** The bytes that the content key also authenticates (RFC 9052, section 5.3). */
    static Bytes encStructure(ChainContext context, String sender, List<KeyId> recipients) {
        List<Item> kids =
                recipients.stream().map(kid -> Cbor.bytes(kid.value())).toList();
        Bytes externalAad = Cbor.encode(Cbor.array(
                Cbor.text("latchkey/1/sealed"), Cbor.bytes(context.encoded()), Cbor.text(sender), Cbor.array(kids)));
        return Cbor.encode(Cbor.array(Cbor.text("Encrypt"), Cbor.bytes(PROTECTED), Cbor.bytes(externalAad)));
    }
}
