package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.envelope.RefusedMessageException.Reason;
import dev.latchkey.envelope.SealedPart.SealedKey;
import dev.latchkey.transaction.ChainId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ways to misuse an opener, each by its name. */
class OpenerTest {
    private final Town town = new Town();

    private static Bytes signed(SealedPart sealed, Signer signer) {
        return CoseSign1.sign(
                        OpenerHead.protectedHeader(signer.publicKey().kid(), Town.CONTEXT),
                        sealed.encode(),
                        OpenerHead.externalAad(Town.CONTEXT),
                        signer)
                .encode();
    }

    @Test
    void theHeadTellsWhatAGatewayNeeds() throws Exception {
        OpenerHead head = OpenerHead.read(town.open(town.toCyd, town.toBob).opener());
        assertThat(head.chainName()).isEqualTo("seattle");
        assertThat(head.height()).isEqualTo(1_000_000);
        assertThat(head.senderKid()).isEqualTo(town.annSig.publicKey().kid());
        assertThat(head.recipients())
                .containsExactly(
                        town.cydKex.publicKey().kid(), town.bobKex.publicKey().kid());
    }

    @Test
    void verifyingNeedsNoPrivateKeyAndGivesTheAuthorsSessionId() throws Exception {
        Opened opened = town.open(town.toBob);
        VerifiedOpener verified = town.verified(opened.opener());
        assertThat(verified.sessionId()).isEqualTo(opened.session().sessionId());
        assertThat(verified.sessionTag()).isEqualTo(verified.sessionId().bytes().slice(0, 4));
        assertThat(verified.senderName()).isEqualTo("ann");
    }

    @Test
    void aSignatureByAnotherKeyIsRefused() {
        Bytes opener = town.open(town.toBob).opener();
        SessionTest.refused(
                Reason.OTHER_SENDER,
                () -> OpenerVerifier.verify(opener, Town.CONTEXT, "mal", town.malSig.publicKey(), Town.VERIFIER));
    }

    @Test
    void anOpenerForAnotherChainOrBlockIsRefused() {
        Bytes opener = town.open(town.toBob).opener();
        ChainContext is = Town.CONTEXT;
        Digest other = Digest.sha256(Bytes.utf8("other"));
        ChainContext otherChain = new ChainContext(new ChainId(other), is.chainName(), is.height(), is.blockHash());
        ChainContext forkedBlock = new ChainContext(is.chain(), is.chainName(), is.height(), other);
        ChainContext otherHeight = new ChainContext(is.chain(), is.chainName(), is.height() + 1, is.blockHash());
        ChainContext otherName = new ChainContext(is.chain(), "tacoma", is.height(), is.blockHash());
        refusedUnder(otherChain, Reason.SIGNATURE, opener);
        refusedUnder(forkedBlock, Reason.SIGNATURE, opener);
        refusedUnder(otherHeight, Reason.OTHER_CHAIN, opener);
        refusedUnder(otherName, Reason.OTHER_CHAIN, opener);
    }

    private void refusedUnder(ChainContext context, Reason reason, Bytes opener) {
        SessionTest.refused(
                reason, () -> OpenerVerifier.verify(opener, context, "ann", town.annSig.publicKey(), Town.VERIFIER));
    }

    @Test
    void whoIsNotListedCannotOpen() {
        Bytes opener = town.open(town.toBob).opener();
        SessionTest.refused(Reason.NOT_ADDRESSED, () -> town.accept(town.cyd, opener));
    }

    @Test
    void aSealedPartThatAnotherMemberSignedAgainDoesNotOpenAsHis() throws Exception {
        SealedPart captured = OpenerHead.read(town.open(town.toBob).opener()).sealed();
        Bytes resigned = signed(captured, town.malSig);
        VerifiedOpener verified =
                OpenerVerifier.verify(resigned, Town.CONTEXT, "mal", town.malSig.publicKey(), Town.VERIFIER);
        SessionTest.refused(Reason.NOT_OPENED, () -> town.bob.accept(verified, Town.NOW, Town.NOW, town.store));
    }

    @Test
    void aRecipientListThatWasStrippedOrExtendedDoesNotOpen() throws Exception {
        SealedPart both =
                OpenerHead.read(town.open(town.toBob, town.toCyd).opener()).sealed();
        SealedKey toBob = both.keys().get(0);
        SealedKey toCyd = both.keys().get(1);
        SealedKey toMal = new SealedKey(town.malSig.publicKey().kid(), toCyd.ephemeral(), toCyd.wrapped());
        for (List<SealedKey> keys :
                List.of(List.of(toBob), List.of(toCyd, toBob), List.of(toBob, toCyd, toMal), List.of(toBob, toMal))) {
            Bytes changed = signed(new SealedPart(both.ciphertext(), keys), town.annSig);
            SessionTest.refused(Reason.NOT_OPENED, () -> town.accept(town.bob, changed));
        }
        Bytes unchanged = signed(both, town.annSig);
        assertThat(town.accept(town.bob, unchanged).isDropped("ann")).isFalse();
    }

    @Test
    void aMemberWhoRegisteredSomebodyElsesKexKeyGainsNothing() {
        Bytes opener = town.open(new Addressee("mal", town.bobKex.publicKey())).opener();
        SessionTest.refused(Reason.NOT_OPENED, () -> town.accept(town.bob, opener));
    }

    @Test
    void aRecipientListedTwiceIsMalformed() throws Exception {
        SealedPart once = OpenerHead.read(town.open(town.toBob).opener()).sealed();
        SealedKey key = once.keys().get(0);
        Bytes twice = signed(new SealedPart(once.ciphertext(), List.of(key, key)), town.annSig);
        assertThatThrownBy(() -> OpenerHead.read(twice)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> town.open(town.toBob, town.toBob)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void seventeenRecipientsAreMalformedAndSixteenAreNot() throws Exception {
        SealedPart once = OpenerHead.read(town.open(town.toBob).opener()).sealed();
        List<SealedKey> keys = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            keys.add(new SealedKey(
                    KeyPair.generate(town.random).publicKey().kid(),
                    once.keys().get(0).ephemeral(),
                    once.keys().get(0).wrapped()));
        }
        Bytes sixteen = signed(new SealedPart(once.ciphertext(), keys.subList(0, 16)), town.annSig);
        Bytes seventeen = signed(new SealedPart(once.ciphertext(), keys), town.annSig);
        assertThat(OpenerHead.read(sixteen).recipients()).hasSize(16);
        assertThatThrownBy(() -> OpenerHead.read(seventeen)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void anEphemeralKeyThatIsNoPointOfTheCurveIsRefused() throws Exception {
        SealedPart good = OpenerHead.read(town.open(town.toBob).opener()).sealed();
        SealedKey key = good.keys().get(0);
        for (String x : List.of("00".repeat(31) + "01", "ff".repeat(32))) {
            Bytes off = Bytes.fromHex("a40102200121" + "5820" + x + "22f4");
            Bytes opener = signed(
                    new SealedPart(good.ciphertext(), List.of(new SealedKey(key.recipient(), off, key.wrapped()))),
                    town.annSig);
            SessionTest.refused(Reason.EPHEMERAL_KEY, () -> town.accept(town.bob, opener));
        }
    }

    @Test
    void theOriginalIsWhatIsVerifiedNotItsHighSTwin() throws Exception {
        Bytes opener = town.open(town.toBob).opener();
        CoseSign1 message = CoseSign1.decode(opener, OpenerHead.MAX_BYTES);
        java.math.BigInteger order =
                new java.math.BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        java.math.BigInteger s =
                new java.math.BigInteger(message.signature().slice(32, 64).toHex(), 16);
        String twin = String.format("%064x", order.subtract(s));
        Bytes forged = new CoseSign1(
                        message.protectedHeader(),
                        message.payload(),
                        Bytes.concat(message.signature().slice(0, 32), Bytes.fromHex(twin)))
                .encode();
        SessionTest.refused(Reason.SIGNATURE, () -> town.verified(forged));
    }

    @Test
    void openersWithOtherHeaderSetsAreMalformed() throws Exception {
        CoseSign1 good = CoseSign1.decode(town.open(town.toBob).opener(), OpenerHead.MAX_BYTES);
        Item kid = Cbor.bytes(town.annSig.publicKey().kid().value());
        Item place = Cbor.bytes(Cbor.encode(Cbor.array(Cbor.text("seattle"), Cbor.uint(1))));
        List<Item> headers = List.of(
                Cbor.map(Cbor.uint(1), Cbor.integer(-7), Cbor.uint(4), kid, Cbor.uint(10), place),
                Cbor.map(Cbor.uint(1), Cbor.integer(-9), Cbor.uint(4), kid),
                Cbor.map(
                        Cbor.uint(1),
                        Cbor.integer(-9),
                        Cbor.uint(2),
                        Cbor.array(Cbor.uint(10)),
                        Cbor.uint(4),
                        kid,
                        Cbor.uint(10),
                        place),
                Cbor.map(Cbor.uint(1), Cbor.integer(-9), Cbor.uint(4), kid, Cbor.uint(11), place),
                Cbor.map(Cbor.uint(1), Cbor.integer(-9), Cbor.uint(4), kid, Cbor.uint(10), Cbor.uint(3)));
        for (Item header : headers) {
            Bytes opener = new CoseSign1(Cbor.encode(header), good.payload(), good.signature()).encode();
            assertThatThrownBy(() -> OpenerHead.read(opener)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void truncatedFlippedAndRandomOpenersAreMalformedOrRefusedButNeverFail() throws Exception {
        byte[] whole = town.open(town.toBob).opener().toArray();
        for (int cut = 0; cut < whole.length; cut++) {
            Bytes part = Bytes.of(java.util.Arrays.copyOf(whole, cut));
            assertThatThrownBy(() -> OpenerHead.read(part)).isInstanceOf(MalformedMessageException.class);
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> town.verified(Bytes.of(flipped))).isInstanceOf(RefusedMessageException.class);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            assertThatThrownBy(() -> OpenerHead.read(Bytes.of(bytes)))
                    .as("seed %d", seed)
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void anAgreedCoordinateWithLeadingZerosKeepsThem() throws Exception {
        int found = 0;
        for (int i = 0; i < 3_000 && found < 2; i++) {
            KeyPair ephemeral = KeyPair.generate(town.random);
            Bytes agreed = ephemeral.agree(town.bobKex.publicKey());
            assertThat(agreed.size()).isEqualTo(32);
            if (agreed.get(0) == 0) {
                assertThat(town.bobKex.agree(ephemeral.publicKey())).isEqualTo(agreed);
                found++;
            }
        }
        assertThat(found).isEqualTo(2);
    }
}
