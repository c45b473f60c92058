package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.proof.Receipt;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Two chains whose every byte is the same in every run: keys from {@link Scalars}, and all signatures deterministic. */
public final class Specimens {
    /** When everything is signed. */
    public static final Instant NOW = Instant.ofEpochMilli(TestNetwork.T0);

    public final TestNetwork seattle = new TestNetwork("seattle", new Scalars("seattle"));
    public final TestNetwork tacoma = new TestNetwork("tacoma", new Scalars("tacoma"));
    public final Identity device = Identity.generate(seattle.random);
    public final Voucher voucher = seattle.voucher("d-*", 3);
    public final SignedTransaction join = seattle.join("d-1", device, voucher);
    /** Block 1 of seattle: the join of d-1. */
    public final Block block;
    /** The state after it. */
    public final ChainState joined;

    public final SignedCheckpoint checkpoint;
    public final Bytes receipt;

    public final SignedTransaction relocateOut;
    public final SignedTransaction relocateIn;
    public final SignedTransaction relocateDone;
    /** Places of d-2 and d-3 in one batch. */
    public final List<BatchTicket> tickets;

    public final List<Identity> batchMembers;
    public final List<Join> batchJoins;
    public final SignedTransaction batchJoin;
    public final KeyPair filer = KeyPair.generate(seattle.random);
    /** Contradicts {@link #checkpoint}. */
    public final SignedCheckpoint lie;

    public final SignedTransaction evidence;

    public Specimens() {
        take(seattle, join);
        try {
            block = Block.decode(seattle.blocks.get(1));
        } catch (dev.latchkey.ledger.MalformedBlockException e) {
            throw new AssertionError(e);
        }
        joined = seattle.state;
        checkpoint = SignedCheckpoint.sign(joined.checkpoint(), seattle.replica, NOW);
        receipt = Receipt.make(block, new TransactionLocation(1, 1), seattle.history, checkpoint);
        Checkpoint head = joined.checkpoint();
        Checkpoint other = new Checkpoint(
                head.chain(),
                head.height(),
                head.blockHash(),
                head.historyRoot(),
                Digest.ZERO,
                head.policyNumber(),
                head.timeMillis());
        lie = SignedCheckpoint.sign(other, seattle.replica, NOW);

        seattle.befriend(tacoma, true);
        tacoma.befriend(seattle, true);
        relocateOut = TransactionSigning.of(
                        new RelocateOut("d-1", 2, tacoma.chain, "d-1", TestNetwork.T0 + 1_800_000), seattle.chain)
                .by(device.sig())
                .finish();
        take(seattle, relocateOut);
        relocateIn = TransactionSigning.of(
                        new RelocateIn("d-1", 3, seattle.chain, seattle.carried("d-1")), tacoma.chain)
                .by(device.sig())
                .possessedBy(device.dtls())
                .finish();
        take(tacoma, relocateIn);
        relocateDone = TransactionSigning.of(
                        new RelocateDone("d-1", 3, tacoma.carried("d-1"), filer.publicKey()), seattle.chain)
                .by(filer)
                .finish();
        take(seattle, relocateDone);

        batchMembers = List.of(Identity.generate(seattle.random), Identity.generate(seattle.random));
        batchJoins = List.of(batchOf("d-2", 0), batchOf("d-3", 1));
        tickets = BatchEndorsement.issue(
                seattle.chain,
                batchJoins.stream().map(Join::body).toList(),
                NOW.plusSeconds(3600),
                seattle.admin.sig());
        batchJoin =
                TransactionSigning.joinOfBatch(batchJoins.get(0), seattle.chain, batchMembers.get(0), tickets.get(0));
        take(seattle, batchJoin);
        evidence = TransactionSigning.of(
                        new Evidence(checkpoint.encode(), lie.encode(), Optional.empty(), filer.publicKey()),
                        seattle.chain)
                .by(filer)
                .finish();
    }

    private Join batchOf(String name, int member) {
        return new Join(name, 1, Role.MEMBER, batchMembers.get(member).keys(), Optional.empty(), Optional.empty());
    }

    private static void take(TestNetwork network, SignedTransaction transaction) {
        Outcome outcome = network.apply(transaction.encode()).outcomes().get(0);
        if (!(outcome instanceof Outcome.Applied)) {
            throw new AssertionError("a specimen was refused: " + outcome);
        }
    }
}
