package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.Headers;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.transaction.MemberRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the worked examples of chain/WIRE.md say, from the code that production uses. */
final class WireExamples {
    private final Specimens world = new Specimens();
    private final Map<String, Bytes> all = new LinkedHashMap<>();

    private WireExamples() {}

    /** The bytes of each example under its label. */
    static Map<String, Bytes> all() throws Exception {
        WireExamples examples = new WireExamples();
        examples.keys();
        examples.genesis();
        examples.join();
        examples.directory();
        examples.blocks();
        examples.proofs();
        examples.moves();
        return examples.all;
    }

    private void keys() {
        CoseKey key = world.device.sig().publicKey();
        all.put("scalar", world.device.sig().scalar());
        all.put("key", key.encode());
        all.put("thumbprint-input", thumbprintInput(key));
        all.put("kid", key.kid().value());
        all.put("protected-header", Headers.signedBy(key.kid()));
    }

    /** The uncompressed COSE_Key with the members that RFC 9679 counts. */
    private static Bytes thumbprintInput(CoseKey key) {
        Bytes point = key.uncompressed();
        return Cbor.encode(Cbor.map(
                Cbor.uint(1),
                Cbor.uint(2),
                Cbor.integer(-1),
                Cbor.uint(1),
                Cbor.integer(-2),
                Cbor.bytes(point.slice(1, 33)),
                Cbor.integer(-3),
                Cbor.bytes(point.slice(33, 65))));
    }

    private void genesis() {
        all.put("genesis-body", world.seattle.genesis.body());
        all.put("chain-id", world.seattle.chain.bytes());
    }

    private void join() throws Exception {
        Digest id = world.join.id(world.seattle.chain);
        all.put("voucher", world.voucher.encode());
        all.put("join-body", world.join.body());
        all.put("signed-by-sig", toBeSigned("latchkey/1/tx"));
        all.put("signed-by-dtls", toBeSigned("latchkey/1/possession"));
        all.put("join", world.join.encode());
        all.put("transaction-id", id.bytes());
        all.put("member-id", MemberRecord.firstId(id, "d-1"));
    }

    /** The Sig_structure of d-1's key for that purpose. */
    private Bytes toBeSigned(String domain) {
        boolean sig = domain.endsWith("tx");
        CoseKey key = (sig ? world.device.sig() : world.device.dtls()).publicKey();
        Bytes externalAad = Cbor.encode(Cbor.array(Cbor.text(domain), Cbor.bytes(world.seattle.chain.bytes())));
        int place = world.join.kids().indexOf(key.kid());
        CoseSign.Signature signature = world.join.signature(place);
        Bytes signed = CoseSign.toBeSigned(signature.protectedHeader(), world.join.body(), externalAad);
        if (!TestNetwork.VERIFIER.verify(key, signed, signature.value())) {
            throw new AssertionError("the example is not what was signed");
        }
        return signed;
    }

    private void directory() {
        Bytes record = world.joined.member("d-1").orElseThrow().encode();
        Digest path = DirectoryPath.of(world.seattle.chain.digest(), "d-1");
        all.put("record", record);
        all.put("directory-path", path.bytes());
        all.put(
                "directory-leaf",
                Digest.sha256(
                                Bytes.of((byte) 2),
                                path.bytes(),
                                Digest.sha256(record).bytes())
                        .bytes());
        all.put("directory-root", world.joined.directoryRoot().bytes());
        all.put("presence", KeyProof.answer(world.joined, "d-1"));
        all.put("absence", KeyProof.answer(world.joined, "d-9"));
    }

    private void blocks() throws Exception {
        Block first = Block.decode(world.seattle.blocks.get(0));
        all.put("seal-0", first.transactions().get(0));
        all.put("header-0", first.header());
        all.put("block-hash-0", first.hash().bytes());
        all.put("seal-1", world.block.transactions().get(0));
        all.put("header-1", world.block.header());
        all.put("block-hash-1", world.block.hash().bytes());
        all.put("history-root-1", world.checkpoint.checkpoint().historyRoot().bytes());
    }

    private void proofs() {
        all.put("checkpoint-body", world.checkpoint.checkpoint().encode());
        all.put("checkpoint", world.checkpoint.encode());
        all.put("receipt", world.receipt);
    }

    private void moves() throws Exception {
        Item carried = Cbor.decode(world.relocateIn.body(), 4_096).asArray(5).get(4);
        all.put("relocate-out-body", world.relocateOut.body());
        all.put("carried-answer", carried.asArray(2).get(0).asBytes());
        all.put("carried-checkpoint", carried.asArray(2).get(1).asBytes());
        all.put("relocate-in-body", world.relocateIn.body());
        all.put("batch-join-body", world.batchJoin.body());
        all.put("batch-ticket", world.tickets.get(0).encode());
        all.put("lie", world.lie.encode());
        all.put("evidence-body", world.evidence.body());
    }
}
