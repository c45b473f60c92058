package dev.latchkey.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.transaction.ChainId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests of proofs share: checkpoints as if verified, and every small way to spoil an answer. */
final class Proving {
    static final Instant NOW = Instant.ofEpochMilli(TestNetwork.T0);

    /** Signs what no test looks at. */
    private static final KeyPair ANYBODY = KeyPair.generate(new SecureRandom());

    private static final ChainId CHAIN = ChainId.ofGenesis(Bytes.utf8("proving"));

    private Proving() {}

    static VerifiedCheckpoint checkpoint(ChainState state) {
        return verified(state.checkpoint());
    }

    /** A checkpoint of one chain that only its height and history make different. */
    static VerifiedCheckpoint checkpoint(long height, Digest historyRoot) {
        return verified(new Checkpoint(CHAIN, height, Digest.ZERO, historyRoot, Digest.ZERO, 0, TestNetwork.T0));
    }

    static VerifiedCheckpoint verified(Checkpoint checkpoint) {
        return new VerifiedCheckpoint(SignedCheckpoint.sign(checkpoint, ANYBODY, NOW), NOW, List.of(), 0);
    }

    static Checkpoint with(Checkpoint checkpoint, Digest directoryRoot) {
        return new Checkpoint(
                checkpoint.chain(),
                checkpoint.height(),
                checkpoint.blockHash(),
                checkpoint.historyRoot(),
                directoryRoot,
                checkpoint.policyNumber(),
                checkpoint.timeMillis());
    }

    static VerifiedPolicy policy(TestNetwork network) throws ProofException {
        return PolicyChain.verify(network.chain, network.state.policyTransactions(), TestNetwork.VERIFIER);
    }

    /** The bytes cut off at every place, with one byte more, and with each bit flipped. */
    static List<Bytes> spoilt(Bytes answer) {
        List<Bytes> spoilt = new ArrayList<>();
        for (int i = 0; i < answer.size(); i++) {
            spoilt.add(answer.slice(0, i));
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] flipped = answer.toArray();
                flipped[i] ^= (byte) (1 << bit);
                spoilt.add(Bytes.wrap(flipped));
            }
        }
        spoilt.add(Bytes.wrap(Arrays.copyOf(answer.toArray(), answer.size() + 1)));
        return spoilt;
    }

    static void refused(ProofException.Reason reason, ThrowingCallable check) {
        assertThat(catchThrowableOfType(ProofException.class, check))
                .isNotNull()
                .extracting(ProofException::reason)
                .isEqualTo(reason);
    }

    static void refused(ThrowingCallable check) {
        assertThat(catchThrowableOfType(ProofException.class, check)).isNotNull();
    }
}
