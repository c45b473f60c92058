package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.TransactionSigning;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Block 0 is a function of genesis alone. */
class BlockZeroTest {
    private final TestNetwork network = new TestNetwork();

    @Test
    void hasDifficultyZeroWhateverThePolicyDemandsOfTheNextOnes() throws Exception {
        Policy easy = network.genesis.policy();
        Policy hard = new Policy(
                0,
                easy.previous(),
                easy.operators(),
                easy.replicas(),
                easy.witnesses(),
                8,
                easy.limits(),
                easy.siblings(),
                easy.blockVersion());
        Genesis genesis = new Genesis("city", "hard", hard, TestNetwork.T0, network.genesis.members());
        Bytes transaction = TransactionSigning.genesis(
                        genesis, List.of(network.operator), List.of(network.admin, network.gateway))
                .encode();
        Bytes block = Ledger.genesis(transaction).block().orElseThrow().encoded();
        VerifiedBlock zero =
                new BlockVerifier(TestNetwork.VERIFIER, Runnable::run).verifyGenesis(genesis.chainId(), block);

        assertThat(zero.header().difficulty()).isZero();
        assertThat(zero.header().nonce()).isEqualTo(Bytes.wrap(new byte[Header.NONCE_BYTES]));
        assertThat(zero.after().policy().difficulty()).isEqualTo(8);
    }
}
