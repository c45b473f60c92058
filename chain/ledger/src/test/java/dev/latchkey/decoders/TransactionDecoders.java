package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.ProofException;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.PendingRecovery;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Veto;
import dev.latchkey.transaction.Voucher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decoders of transactions of every kind, and of what stands in them and comes of them. */
public final class TransactionDecoders {
    private TransactionDecoders() {}

    public static List<Decoder> of(Specimens world) throws Exception {
        List<Decoder> all = new ArrayList<>();
        all.add(signed("genesis", world.seattle.genesisTransaction));
        all.add(signed("join by voucher", world.join.encode()));
        all.add(signed("join of a batch", world.batchJoin.encode()));
        all.add(signed("relocate-out", world.relocateOut.encode()));
        all.add(signed("relocate-in", world.relocateIn.encode()));
        all.add(signed("relocate-done", world.relocateDone.encode()));
        all.add(signed("evidence", world.evidence.encode()));
        for (Transaction transaction : others(world)) {
            String name = transaction.getClass().getSimpleName();
            if (transaction instanceof Standing standing) {
                name += " " + standing.act();
            }
            Bytes bytes = TransactionSigning.of(transaction, world.seattle.chain)
                    .by(world.seattle.operator)
                    .finish()
                    .encode();
            all.add(signed(name, bytes));
        }
        ChainState state = world.seattle.state;
        all.add(decoder(
                "record",
                state.member("d-2").orElseThrow().encode(),
                b -> MemberRecord.decode(b).encode()));
        all.add(decoder(
                "record of one that moved",
                state.member("d-1").orElseThrow().encode(),
                b -> MemberRecord.decode(b).encode()));
        all.add(decoder(
                "record of one that moves",
                moving(world),
                b -> MemberRecord.decode(b).encode()));
        all.add(decoder("policy", state.policy().encode(), b -> Policy.decode(b).encode()));
        all.add(decoder(
                "voucher", world.voucher.encode(), b -> Voucher.decode(b).encode()));
        all.add(decoder(
                "batch ticket",
                world.tickets.get(1).encode(),
                b -> BatchTicket.decode(b).encode()));
        all.add(decoder(
                "recovery that waits",
                new PendingRecovery(TestNetwork.T0, world.device.keys(), Optional.empty()).encode(),
                b -> PendingRecovery.decode(b).map(PendingRecovery::encode).orElse(PendingRecovery.NONE)));
        return all;
    }

    private static List<Transaction> others(Specimens world) throws Exception {
        KeyPair filer = world.filer;
        Optional<dev.latchkey.bytes.Digest> next = Optional.of(MemberRecord.commitment(world.filer.publicKey()));
        return List.of(
                new Rotate(
                        "d-2",
                        2,
                        Optional.of(filer.publicKey()),
                        Optional.of(world.device.kex().publicKey()),
                        Optional.empty(),
                        next),
                new RelocateCancel("d-2", 3, world.tacoma.carried("d-2")),
                new Leave("d-2", 2),
                new Standing(Standing.Act.SUSPEND, "d-2", 2),
                new Standing(Standing.Act.RESUME, "d-2", 2),
                new Standing(Standing.Act.REVOKE, "d-2", 2),
                new Recover("d-2", 2, world.seattle.gateway.keys(), Optional.empty()),
                new RecoverByOperators("d-2", 2, world.seattle.gateway.keys(), next),
                new Veto("d-2", 2, Optional.of(filer.publicKey())),
                new PolicyChange(world.seattle.state.policy()),
                new ForeignRevoke("d-1", 2, world.tacoma.chain, world.tacoma.carried("d-1"), filer.publicKey()),
                fork(world));
    }

    /** Evidence with everything in it that evidence may have. */
    private static Evidence fork(Specimens world) throws ProofException {
        SignedCheckpoint newest =
                SignedCheckpoint.sign(world.seattle.state.checkpoint(), world.seattle.replica, Specimens.NOW);
        Bytes header = world.block.header();
        Bytes first = HeaderProof.answer(
                world.seattle.history, 1, header, newest.checkpoint().height());
        Bytes second = HeaderProof.answer(world.seattle.history, 1, header, 1);
        return new Evidence(
                newest.encode(),
                world.lie.encode(),
                Optional.of(HeaderProof.fork(1, first, second)),
                world.filer.publicKey());
    }

    /** The record in the answer that relocate-in carries. */
    private static Bytes moving(Specimens world) throws Exception {
        Item carried = Cbor.decode(world.relocateIn.body(), SignedTransaction.MAX_BYTES)
                .asArray()
                .get(4);
        Bytes answer = carried.asArray(2).get(0).asBytes();
        return Cbor.decode(answer, answer.size()).asArray(2).get(0).asBytes();
    }

    private static Decoder signed(String name, Bytes sample) {
        return decoder(name, sample, TransactionDecoders::again);
    }

    /** Made anew from what was understood; the signed transaction itself keeps the bytes that it came in. */
    private static Bytes again(Bytes bytes) throws Exception {
        SignedTransaction signed = SignedTransaction.decode(bytes);
        List<CoseSign.Signature> signatures = new ArrayList<>();
        for (int i = 0; i < signed.kids().size(); i++) {
            signatures.add(signed.signature(i));
        }
        Item bucket = Cbor.map();
        if (signed.batch().isPresent()) {
            Item ticket = Cbor.decode(signed.batch().get().encode(), BatchTicket.MAX_BYTES);
            bucket = Cbor.map(Cbor.text("batch"), ticket);
        }
        return new CoseSign(bucket, signed.transaction().body(), signatures).encode();
    }

    private static Decoder decoder(String name, Bytes sample, Decoder.Reader reader) {
        return new Decoder(name, sample, MalformedTransactionException.class, reader);
    }
}
