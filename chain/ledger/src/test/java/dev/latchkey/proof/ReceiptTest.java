package dev.latchkey.proof;

import static dev.latchkey.proof.Proving.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.ledger.TransactionLocation;
import dev.latchkey.proof.ProofException.Reason;
import dev.latchkey.transaction.Identity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receipts and header proofs: whatever is changed in them, they prove nothing any more. */
class ReceiptTest {
    private final TestNetwork network = new TestNetwork();
    private final List<Bytes> joins = new ArrayList<>();
    private VerifiedPolicy policy;

    @BeforeEach
    void threeJoinInOneBlockAndTwoLater() throws Exception {
        for (int i = 0; i < 3; i++) {
            String name = "d-" + i;
            joins.add(network.join(name, Identity.generate(network.random), network.voucher(name, 1))
                    .encode());
        }
        network.apply(joins.toArray(Bytes[]::new));
        network.joined("d-3");
        network.joined("d-4");
        policy = Proving.policy(network);
    }

    @Test
    void everyTransactionOfABlockHasItsReceipt() throws Exception {
        for (int i = 0; i < joins.size(); i++) {
            VerifiedReceipt receipt = verify(receipt(i + 1), joins.get(i));
            assertThat(receipt.location()).isEqualTo(new TransactionLocation(1, i + 1));
            refused(Reason.WRONG_SUBJECT, () -> verify(receipt(1), joins.get(1)));
        }
    }

    @Test
    void everySpoiltReceiptIsRefused() throws Exception {
        Bytes receipt = receipt(2);
        for (int i = 0; i < receipt.size(); i++) {
            byte[] flipped = receipt.toArray();
            flipped[i] ^= (byte) (1 << i % Byte.SIZE);
            refused(() -> verify(Bytes.wrap(flipped), joins.get(1)));
            Bytes shorter = receipt.slice(0, i);
            refused(Reason.MALFORMED, () -> verify(shorter, joins.get(1)));
        }
    }

    @Test
    void numbersAndPathsMustFitEachOther() throws Exception {
        List<Item> parts = Cbor.decode(receipt(2), Receipt.MAX_BYTES).asArray(7);
        for (long[] indexAndCount : new long[][] {{1, 4}, {3, 4}, {2, 3}, {2, 5}, {2, 2}, {4, 4}, {1, 2}}) {
            List<Item> changed = new ArrayList<>(parts);
            changed.set(0, Cbor.uint(indexAndCount[0]));
            changed.set(1, Cbor.uint(indexAndCount[1]));
            refused(Reason.WRONG_SUBJECT, () -> verify(Cbor.encode(Cbor.array(changed)), joins.get(1)));
        }
        for (int height : new int[] {0, 2, 3, 4}) {
            List<Item> changed = new ArrayList<>(parts);
            changed.set(3, Cbor.uint(height));
            refused(Reason.WRONG_ROOT, () -> verify(Cbor.encode(Cbor.array(changed)), joins.get(1)));
        }
        for (int path : new int[] {2, 5}) {
            List<Item> longer = new ArrayList<>(parts.get(path).asArray());
            List<Item> shorter = longer.subList(1, longer.size());
            List<Item> changed = new ArrayList<>(parts);
            changed.set(path, Cbor.array(new ArrayList<>(shorter)));
            refused(() -> verify(Cbor.encode(Cbor.array(changed)), joins.get(1)));
            longer.add(Cbor.bytes(Digest.ZERO.bytes()));
            changed.set(path, Cbor.array(longer));
            refused(() -> verify(Cbor.encode(Cbor.array(changed)), joins.get(1)));
        }
    }

    @Test
    void everySpoiltHeaderProofIsRefused() throws Exception {
        VerifiedCheckpoint under = Proving.checkpoint(network.state);
        for (int height = 0; height <= 3; height++) {
            Bytes header = Block.decode(network.blocks.get(height)).header();
            Bytes answer = HeaderProof.answer(network.history, height, header, 3);
            int asked = height;
            assertThat(HeaderProof.verify(under, asked, answer).height()).isEqualTo(asked);
            refused(Reason.WRONG_ROOT, () -> HeaderProof.verify(under, (asked + 1) % 4, answer));
            refused(Reason.WRONG_ROOT, () -> HeaderProof.verify(under, -1, answer));
            for (Bytes spoilt : Proving.spoilt(answer)) {
                refused(() -> HeaderProof.verify(under, asked, spoilt));
            }
        }
    }

    private Bytes receipt(int index) throws Exception {
        SignedCheckpoint signed = SignedCheckpoint.sign(network.state.checkpoint(), network.replica, Proving.NOW);
        Block block = Block.decode(network.blocks.get(1));
        return Receipt.make(block, new TransactionLocation(1, index), network.history, signed);
    }

    private VerifiedReceipt verify(Bytes receipt, Bytes transaction) throws ProofException {
        return Receipt.verify(receipt, transaction, policy, TestNetwork.VERIFIER);
    }
}
