package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A policy that names the last block before a loss. */
class CutTest {
    private final TestNetwork network = new TestNetwork();

    private PolicyChange change(long height, Digest blockHash) {
        return new PolicyChange(network.state.policy().renewed(), Optional.of(new PolicyChange.Cut(height, blockHash)));
    }

    private Bytes signed(PolicyChange change, KeyPair signer) {
        return TransactionSigning.of(change, network.chain).by(signer).finish().encode();
    }

    @Test
    void standsRightBehindTheBlockThatItNamesAndNowhereElse() throws Exception {
        network.apply(signed(new PolicyChange(network.state.policy().renewed()), network.operator));
        long height = network.state.height();
        Digest hash = network.state.blockHash();
        for (PolicyChange wrong : List.of(
                change(height - 1, hash), change(height + 1, hash), change(height, network.state.historyRoot()))) {
            assertThat(network.admit(signed(wrong, network.operator))).isEqualTo(new Outcome.Refused(Refusal.BAD_CUT));
        }
        PolicyChange right = change(height, hash);
        assertThat(network.admit(signed(right, network.admin.sig())))
                .isEqualTo(new Outcome.Refused(Refusal.MISSING_SIGNATURE));
        Bytes transaction = signed(right, network.operator);

        ChainState before = network.state;
        Step step = network.apply(transaction);
        assertThat(step.outcomes().get(0)).isInstanceOf(Outcome.Applied.class);
        VerifiedBlock block = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run)
                .verify(before, step.block().orElseThrow().encoded());
        assertThat(block.after().policy()).isEqualTo(right.policy());
        assertThat(PolicyChain.verify(network.chain, network.state.policyTransactions(), TestNetwork.VERIFIER)
                        .policy())
                .as("who walks the policies needs no block")
                .isEqualTo(right.policy());
        assertThat(Transaction.decode(right.body())).isEqualTo(right);
    }

    @Test
    void hasOneForm() throws Exception {
        PolicyChange right = change(network.state.height(), network.state.blockHash());
        List<Item> parts = Cbor.decode(right.body(), 1 << 16).asArray();
        Item cut = parts.get(4);
        for (Item bad : List.of(
                Cbor.NULL,
                Cbor.array(),
                Cbor.array(cut.asArray().get(0)),
                Cbor.array(cut.asArray().get(0), cut.asArray().get(1), Cbor.NULL),
                Cbor.array(cut.asArray().get(1), cut.asArray().get(0)),
                Cbor.array(cut.asArray().get(0), Cbor.bytes(Bytes.wrap(new byte[Digest.SIZE - 1]))))) {
            List<Item> wrong = new ArrayList<>(parts);
            wrong.set(4, bad);
            refused(wrong);
        }
        List<Item> longer = new ArrayList<>(parts);
        longer.add(Cbor.NULL);
        refused(longer);
    }

    private static void refused(List<Item> parts) {
        assertThatThrownBy(() -> Transaction.decode(Cbor.encode(Cbor.array(parts))))
                .isInstanceOf(MalformedTransactionException.class);
    }
}
