package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.Hkdf;
import dev.latchkey.cose.KeyId;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import dev.latchkey.envelope.SealedPart.SealedKey;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What others got wrong in the contexts of RFC 9053, section 5.2. Here somebody else seals, whose contexts are written
 * out by hand: right, his messages open; with one of the mistakes they do not.
 */
class KdfContextTrapsTest {
    private static final Item ANN = name("ann");
    private static final Item BOB = name("bob");
    private static final Item NOBODY = Cbor.array(Cbor.NULL, Cbor.NULL, Cbor.NULL);
    private static final Item OPENER_CONTEXT = Cbor.bytes(Town.CONTEXT.encoded());
    private static final Item READING_CONTEXT =
            Cbor.bytes(Cbor.encode(Cbor.array(Cbor.text("latchkey/1/reading"), OPENER_CONTEXT)));
    private static final Item WRAPPING = Cbor.bytes(Bytes.fromHex("a101381c"));
    private static final Item EMPTY = Cbor.bytes(Bytes.EMPTY);

    private final Town town = new Town();
    private SealedPart sealed;
    private SealedKey key;
    private Bytes agreed;
    private Bytes content;

    @BeforeEach
    void theContentKeyAsBobFindsIt() throws Exception {
        sealed = OpenerHead.read(town.open(town.toBob).opener()).sealed();
        key = sealed.keys().get(0);
        agreed = town.bobKex.agree(CoseKey.decode(key.ephemeral()));
        Bytes wrapping = Hkdf.sha256(agreed, Bytes.EMPTY, wrapping(-3, party(ANN), party(BOB), 128, WRAPPING), 16);
        content = KeyWrap.unwrap(Secret.copyOf(wrapping), key.wrapped())
                .orElseThrow()
                .reveal();
    }

    private static Item name(String name) {
        return Cbor.bytes(Bytes.utf8(name));
    }

    private static Item party(Item identity) {
        return Cbor.array(identity, Cbor.NULL, Cbor.NULL);
    }

    private static Bytes wrapping(long algorithm, Item sender, Item recipient, int length, Item header) {
        return Cbor.encode(Cbor.array(
                Cbor.integer(algorithm), sender, recipient, Cbor.array(Cbor.uint(length), header, OPENER_CONTEXT)));
    }

    /** An opener by ann whose content key is wrapped under a key from this context. */
    private Bytes opener(Bytes context) {
        Bytes wrapping = Hkdf.sha256(agreed, Bytes.EMPTY, context, 16);
        Bytes wrapped = KeyWrap.wrap(Secret.copyOf(wrapping), Secret.copyOf(content));
        SealedKey again = new SealedKey(key.recipient(), key.ephemeral(), wrapped);
        return CoseSign1.sign(
                        OpenerHead.protectedHeader(town.annSig.publicKey().kid(), Town.CONTEXT),
                        new SealedPart(sealed.ciphertext(), List.of(again)).encode(),
                        OpenerHead.externalAad(Town.CONTEXT),
                        town.annSig)
                .encode();
    }

    private void doesNotOpen(Bytes context) {
        SessionTest.refused(Reason.NOT_OPENED, () -> town.accept(town.bob, opener(context)));
    }

    private static Bytes sender(int algorithm, Item sender, Item recipient, int length, Item header) {
        return Cbor.encode(Cbor.array(
                Cbor.uint(algorithm), sender, recipient, Cbor.array(Cbor.uint(length), header, READING_CONTEXT)));
    }

    /** A reading by ann under keys from these contexts, the second of which is for the IV. */
    private void reads(boolean opens, Bytes chainContext, Bytes ivContext) throws Exception {
        Bytes opener = opener(wrapping(-3, party(ANN), party(BOB), 128, WRAPPING));
        VerifiedOpener verified = town.verified(opener);
        ReceivingSession session = town.accept(town.bob, opener);
        Bytes aad = SealedPart.encStructure(Town.CONTEXT, "ann", List.of(key.recipient()));
        byte[] plain = AesCcm.open(
                        content.toArray(),
                        new byte[13],
                        aad.toArray(),
                        sealed.ciphertext().toArray())
                .orElseThrow();
        Bytes secret = SealedContent.decode(Bytes.wrap(plain)).sessionSecret().reveal();
        Bytes salt = verified.sessionId().bytes();
        Bytes epochKey = Hkdf.expand(Hkdf.sha256(secret, salt, chainContext, 32), Bytes.utf8("latchkey/1 key"), 16);
        byte[] iv = Hkdf.sha256(secret, salt, ivContext, 13).toArray();
        byte[] ciphertext = AesCcm.seal(
                epochKey.toArray(),
                iv,
                ReadingHead.encStructure(verified.sessionId()),
                Town.reading(21.5).toArray());
        Bytes message = new ReadingHead(verified.sessionTag(), 0, Bytes.wrap(ciphertext)).encode();
        if (opens) {
            assertThat(session.open("ann", message, Town.NOW).contents().pack()).isEqualTo(Town.pack(21.5));
        } else {
            SessionTest.refused(Reason.NOT_OPENED, () -> session.open("ann", message, Town.NOW));
        }
    }

    private Item ann() {
        KeyId kid = town.annSig.publicKey().kid();
        return Cbor.bytes(kid.value());
    }

    private Bytes chain() {
        return sender(10, party(ann()), NOBODY, 256, EMPTY);
    }

    private Bytes iv() {
        return sender(34, party(ann()), NOBODY, 104, EMPTY);
    }

    @Test
    void contextsWrittenByHandFromTheRfcOpen() throws Exception {
        assertThat(town.accept(town.bob, opener(wrapping(-3, party(ANN), party(BOB), 128, WRAPPING)))
                        .isDropped("ann"))
                .isFalse();
        reads(true, chain(), iv());
    }

    @Test
    void theAlgorithmOfAWrappingKeyIsMinus3AndNotMinus29() {
        doesNotOpen(wrapping(-29, party(ANN), party(BOB), 128, WRAPPING));
    }

    @Test
    void anAbsentPartyIsThreeExplicitNils() throws Exception {
        Item none = Cbor.array();
        Item one = Cbor.array(Cbor.NULL);
        for (Item absent : List.of(none, one, Cbor.NULL, Cbor.array(EMPTY, Cbor.NULL, Cbor.NULL))) {
            reads(false, sender(10, party(ann()), absent, 256, EMPTY), iv());
            reads(false, chain(), sender(34, party(ann()), absent, 104, EMPTY));
        }
        doesNotOpen(wrapping(-3, Cbor.array(ANN), Cbor.array(BOB), 128, WRAPPING));
        doesNotOpen(wrapping(-3, party(ANN), Cbor.array(BOB, EMPTY, EMPTY), 128, WRAPPING));
    }

    @Test
    void identitiesAreByteStrings() throws Exception {
        doesNotOpen(wrapping(-3, party(Cbor.text("ann")), party(BOB), 128, WRAPPING));
        doesNotOpen(wrapping(-3, party(ANN), party(Cbor.text("bob")), 128, WRAPPING));
        Item hex = Cbor.text(town.annSig.publicKey().kid().value().toHex());
        reads(false, sender(10, party(hex), NOBODY, 256, EMPTY), iv());
    }

    @Test
    void anEmptyProtectedBucketIsAnEmptyStringAndNoEmptyMap() throws Exception {
        Item map = Cbor.bytes(Bytes.fromHex("a0"));
        reads(false, sender(10, party(ann()), NOBODY, 256, map), iv());
        reads(false, chain(), sender(34, party(ann()), NOBODY, 104, map));
    }

    @Test
    void keyLengthsAreInBits() throws Exception {
        doesNotOpen(wrapping(-3, party(ANN), party(BOB), 16, WRAPPING));
        reads(false, sender(10, party(ann()), NOBODY, 32, EMPTY), iv());
        reads(false, chain(), sender(34, party(ann()), NOBODY, 13, EMPTY));
    }

    @Test
    void aRecipientsProtectedBucketIsTheOneThatWasSent() {
        doesNotOpen(wrapping(-3, party(ANN), party(BOB), 128, EMPTY));
        doesNotOpen(wrapping(-3, party(ANN), party(BOB), 128, Cbor.bytes(Bytes.fromHex("a10122"))));
    }
}
