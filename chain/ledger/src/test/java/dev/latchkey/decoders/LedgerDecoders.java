package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.CborProfile;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.CoseSign1;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryProof;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Header;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.ledger.MalformedSnapshotException;
import dev.latchkey.ledger.RestoredState;
import dev.latchkey.ledger.Seal;
import dev.latchkey.ledger.SnapshotReader;
import dev.latchkey.ledger.SnapshotWriter;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.KeyProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decoders of items, keys, signatures, blocks, checkpoints, directory proofs and stored state. */
public final class LedgerDecoders {
    private static final int MAX_BYTES = 64 * 1024;
    private static final Bytes EVERY_KIND = Cbor.encode(Cbor.array(
            Cbor.uint(0),
            Cbor.uint(Long.MAX_VALUE),
            Cbor.integer(-1000),
            Cbor.bool(true),
            Cbor.NULL,
            Cbor.real(1.1),
            Cbor.real(0.5),
            Cbor.decimal(-2, 2215),
            Cbor.bytes(Bytes.fromHex("820102")),
            Cbor.text("grüße"),
            Cbor.map(Cbor.uint(1), Cbor.array(), Cbor.text("a"), Cbor.map())));

    private LedgerDecoders() {}

    public static List<Decoder> of(Specimens world) throws Exception {
        TestNetwork network = world.seattle;
        Entry entry = new Entry(
                network.chain,
                TestNetwork.T0,
                TestNetwork.NONCE,
                Optional.of(Digest.ZERO),
                List.of(world.join.encode()));
        SignedCheckpoint witnessed = world.checkpoint.with(
                SignedCheckpoint.sign(world.checkpoint.checkpoint(), network.gateway.sig(), Specimens.NOW));
        Bytes answer = KeyProof.answer(world.joined, "d-1");
        Bytes absent = KeyProof.answer(network.state, "d-9");
        List<Decoder> all = new ArrayList<>(items(world));
        all.addAll(List.of(
                block("header", world.block.header(), b -> Header.decode(b).encode()),
                block(
                        "seal",
                        world.block.transactions().get(0),
                        b -> Seal.decode(b).encode()),
                block("block", world.block.encode(), b -> Block.decode(b).encode()),
                block("entry", entry.encode(), b -> Entry.decode(b).encode()),
                new Decoder(
                        "checkpoint",
                        witnessed.encode(),
                        MalformedCheckpointException.class,
                        LedgerDecoders::checkpoint),
                new Decoder(
                        "directory answer",
                        answer,
                        MalformedCborException.class,
                        b -> DirectoryAnswer.decode(b).encode()),
                new Decoder(
                        "directory answer of absence",
                        absent,
                        MalformedCborException.class,
                        b -> DirectoryAnswer.decode(b).encode()),
                new Decoder(
                        "directory proof",
                        DirectoryAnswer.decode(answer).proof().encode(),
                        MalformedCborException.class,
                        b -> DirectoryProof.decode(b).encode()),
                new Decoder("stored state", state(world), MalformedSnapshotException.class, b -> restored(world, b))));
        return all;
    }

    private static List<Decoder> items(Specimens world) throws Exception {
        CoseKey key = world.device.sig().publicKey();
        CoseSign transaction = CoseSign.decodeWithUnprotected(world.join.encode(), MAX_BYTES, 8);
        return List.of(
                new Decoder(
                        "item", EVERY_KIND, MalformedCborException.class, b -> Cbor.encode(Cbor.decode(b, MAX_BYTES))),
                new Decoder(
                        "sequence of items",
                        Bytes.concat(EVERY_KIND, Bytes.fromHex("01"), key.encode()),
                        MalformedCborException.class,
                        b -> Cbor.encodeSequence(Cbor.decodeSequence(b, MAX_BYTES))),
                new Decoder(
                        "item as others write it", EVERY_KIND, MalformedCborException.class, LedgerDecoders::bounded),
                new Decoder(
                        "key",
                        key.encode(),
                        MalformedKeyException.class,
                        b -> CoseKey.decode(b).encode()),
                new Decoder(
                        "key inside of something",
                        Cbor.encode(Cbor.array(key.item())),
                        MalformedCborException.class,
                        LedgerDecoders::inside),
                new Decoder("point", key.uncompressed(), MalformedKeyException.class, LedgerDecoders::point),
                new Decoder(
                        "protected header",
                        Headers.signedBy(key.kid()),
                        MalformedCoseException.class,
                        b -> Headers.signedBy(Headers.kid(b))),
                new Decoder(
                        "COSE_Sign",
                        new CoseSign(Bytes.utf8("payload"), transaction.signatures()).encode(),
                        MalformedCoseException.class,
                        b -> CoseSign.decode(b, MAX_BYTES, 8).encode()),
                new Decoder(
                        "COSE_Sign1",
                        world.voucher.encode(),
                        MalformedCoseException.class,
                        b -> CoseSign1.decode(b, MAX_BYTES).encode()));
    }

    /** Several encodings of one item are good, and all of them mean what its own encoding means. */
    private static Bytes bounded(Bytes bytes) throws MalformedCborException {
        Item item = Cbor.decode(bytes, MAX_BYTES, CborProfile.BOUNDED);
        return Cbor.decode(Cbor.encode(item), MAX_BYTES).equals(item) ? bytes : Bytes.EMPTY;
    }

    private static Bytes inside(Bytes bytes) throws MalformedCborException {
        Item item = Cbor.decode(bytes, MAX_BYTES).asArray(1).get(0);
        try {
            return Cbor.encode(Cbor.array(CoseKey.fromItem(item).item()));
        } catch (MalformedKeyException e) {
            throw new MalformedCborException(MalformedCborException.Reason.WRONG_VALUE);
        }
    }

    private static Bytes point(Bytes sec1) throws MalformedKeyException {
        CoseKey key = CoseKey.fromSec1(sec1);
        return sec1.get(0) == 4 ? key.uncompressed() : Bytes.concat(sec1.slice(0, 1), key.x());
    }

    private static Bytes checkpoint(Bytes bytes) throws MalformedCheckpointException {
        SignedCheckpoint signed = SignedCheckpoint.decode(bytes);
        List<CoseSign.Signature> signatures =
                signed.parts().stream().map(SignedCheckpoint.Part::signature).toList();
        return new CoseSign(signed.checkpoint().encode(), signatures).encode();
    }

    /** The pieces but the last, which holds the digest of the others. */
    private static Bytes state(Specimens world) {
        List<Bytes> pieces = new ArrayList<>();
        SnapshotWriter.write(world.joined, world.seattle.history, pieces::add);
        return sequence(pieces.subList(0, pieces.size() - 1));
    }

    private static Bytes sequence(List<Bytes> pieces) {
        return Cbor.encodeSequence(pieces.stream().map(Cbor::bytes).toList());
    }

    /** Reads pieces under the digest that fits them, so that damage gets as far as it can. */
    private static Bytes restored(Specimens world, Bytes bytes) throws MalformedSnapshotException {
        SnapshotReader reader = new SnapshotReader(world.seattle.chain);
        Digest digest = Digest.ZERO;
        try {
            for (Item piece : Cbor.decodeSequence(bytes, MAX_BYTES)) {
                reader.accept(piece.asBytes());
                digest = Digest.sha256(digest.bytes(), piece.asBytes());
            }
        } catch (MalformedCborException e) {
            throw new MalformedSnapshotException("not pieces", e);
        }
        reader.accept(Cbor.encode(Cbor.array(Cbor.uint(10), Cbor.bytes(digest.bytes()))));
        RestoredState restored = reader.finish(world.block.encode());
        List<Bytes> pieces = new ArrayList<>();
        SnapshotWriter.write(restored.state(), restored.history(), pieces::add);
        return sequence(pieces.subList(0, pieces.size() - 1));
    }

    private static Decoder block(String name, Bytes sample, Decoder.Reader reader) {
        return new Decoder(name, sample, MalformedBlockException.class, reader);
    }
}
