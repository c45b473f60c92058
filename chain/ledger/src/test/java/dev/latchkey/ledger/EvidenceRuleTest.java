package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A replica that signs two histories is struck by whoever shows them. */
class EvidenceRuleTest {
    private static final Instant NOW = Instant.ofEpochMilli(TestNetwork.T0);

    private final TestNetwork network = new TestNetwork();
    private final KeyPair filer = KeyPair.generate(network.random);
    private final Checkpoint head = network.state.checkpoint();

    @Test
    void twoBodiesForOneHeightStrikeTheReplica() {
        Bytes evidence = file(signed(head, network.replica), signed(other(head), network.replica), Optional.empty());
        assertThat(network.admit(evidence)).isInstanceOf(Outcome.Applied.class);
        network.apply(evidence);
        KeyId struck = network.replica.publicKey().kid();
        assertThat(network.state.struck()).containsExactly(struck);
        assertThat(network.state.policyTransactions()).endsWith(evidence);
        assertThat(EvidenceRule.struck(network.chain, network.state.policy(), Set.of(), evidence, TestNetwork.VERIFIER))
                .containsExactly(struck);
        network.replayed();

        Bytes again = file(signed(other(head), network.replica), signed(head, network.replica), Optional.empty());
        refused(again, Refusal.NOT_REPLICA);
        Policy same = network.state.policy();
        refused(policy(same, same.replicas()), Refusal.BAD_POLICY);
    }

    @Test
    void theSameBodySignedTwiceIsNoEvidence() {
        Bytes twice = file(
                signed(head, network.replica),
                SignedCheckpoint.sign(head, network.replica, NOW.plusSeconds(60))
                        .encode(),
                Optional.empty());
        refused(twice, Refusal.BAD_PROOF);
    }

    @Test
    void onlyWhoSignedBothIsStruck() {
        KeyPair stranger = KeyPair.generate(network.random);
        refused(
                file(signed(head, stranger), signed(other(head), network.replica), Optional.empty()),
                Refusal.NOT_REPLICA);
        refused(file(signed(head, stranger), signed(other(head), stranger), Optional.empty()), Refusal.NOT_REPLICA);
        SignedCheckpoint real = SignedCheckpoint.sign(head, network.replica, NOW);
        SignedCheckpoint forged = SignedCheckpoint.sign(other(head), new Impostor(network.replica, stranger), NOW);
        refused(file(real.encode(), forged.encode(), Optional.empty()), Refusal.BAD_PROOF);
    }

    @Test
    void anotherChainsCheckpointsProveNothingHere() {
        TestNetwork elsewhere = new TestNetwork("tacoma");
        Checkpoint foreign = elsewhere.state.checkpoint();
        refused(
                file(signed(foreign, network.replica), signed(other(foreign), network.replica), Optional.empty()),
                Refusal.BAD_PROOF);
    }

    @Test
    void differentHeadersForOneHeightStrikeWhateverTheHeightsOfTheCheckpoints() {
        network.joined("d-1");
        network.joined("d-2");
        Checkpoint longer = network.state.checkpoint();
        HistoryTree lie = new HistoryTree();
        lie.append(network.history.leafHash(0));
        Bytes header = Bytes.utf8("another header of height 1");
        lie.append(Rfc9162.leafHash(header));
        Checkpoint forked = new Checkpoint(
                network.chain, 1, Digest.sha256(header), lie.root(2), head.directoryRoot(), 0, TestNetwork.T0);
        Bytes real = header(1);
        Evidence.Fork fork = new Evidence.Fork(
                1, Optional.of(real), network.history.inclusion(1, longer.height() + 1), header, lie.inclusion(1, 2));

        Bytes first = signed(longer, network.replica);
        Bytes second = signed(forked, network.replica);
        refused(file(first, second, Optional.empty()), Refusal.BAD_PROOF);
        Evidence.Fork wrong = new Evidence.Fork(1, Optional.of(real), List.of(), header, lie.inclusion(1, 2));
        refused(file(first, second, Optional.of(wrong)), Refusal.BAD_PROOF);
        Evidence.Fork agreeing = new Evidence.Fork(
                0, Optional.of(header(0)), network.history.inclusion(0, 3), header(0), lie.inclusion(0, 2));
        refused(file(first, second, Optional.of(agreeing)), Refusal.BAD_PROOF);
        assertThat(network.admit(file(first, second, Optional.of(fork)))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aCheckpointOfAnotherHistoryIsConvictedByTheHeaderAtItsOwnHeight() {
        network.joined("d-1");
        Checkpoint lie = other(network.state.checkpoint(), Digest.sha256(Bytes.utf8("another block")));
        Checkpoint honest = network.state.checkpoint();
        network.joined("d-2");
        Bytes longer = signed(network.state.checkpoint(), network.replica);
        Evidence.Fork fork =
                new Evidence.Fork(1, Optional.empty(), List.of(), header(1), network.history.inclusion(1, 3));
        assertThat(network.admit(file(signed(lie, network.replica), longer, Optional.of(fork))))
                .isInstanceOf(Outcome.Applied.class);
        refused(file(signed(honest, network.replica), longer, Optional.of(fork)), Refusal.BAD_PROOF);
        Evidence.Fork elsewhere =
                new Evidence.Fork(0, Optional.empty(), List.of(), header(0), network.history.inclusion(0, 3));
        refused(file(signed(lie, network.replica), longer, Optional.of(elsewhere)), Refusal.BAD_PROOF);
    }

    private Bytes header(int height) {
        try {
            return Block.decode(network.blocks.get(height)).header();
        } catch (MalformedBlockException e) {
            throw new AssertionError(e);
        }
    }

    private static Checkpoint other(Checkpoint body) {
        return other(body, body.blockHash());
    }

    private static Checkpoint other(Checkpoint body, Digest blockHash) {
        return new Checkpoint(
                body.chain(),
                body.height(),
                blockHash,
                body.historyRoot(),
                Digest.ZERO,
                body.policyNumber(),
                body.timeMillis());
    }

    private static Bytes signed(Checkpoint body, KeyPair key) {
        return SignedCheckpoint.sign(body, key, NOW).encode();
    }

    private Bytes file(Bytes first, Bytes second, Optional<Evidence.Fork> fork) {
        return TransactionSigning.of(new Evidence(first, second, fork, filer.publicKey()), network.chain)
                .by(filer)
                .finish()
                .encode();
    }

    private Bytes policy(Policy before, Policy.Replicas replicas) {
        Policy next = new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                replicas,
                before.witnesses(),
                before.difficulty(),
                before.limits(),
                before.siblings(),
                before.blockVersion());
        return TransactionSigning.of(new PolicyChange(next), network.chain)
                .by(network.operator)
                .finish()
                .encode();
    }

    private void refused(Bytes transaction, Refusal reason) {
        assertThat(network.admit(transaction)).isEqualTo(new Outcome.Refused(reason));
    }

    /** Signs with its own key under another's name. */
    private record Impostor(KeyPair name, KeyPair hand) implements Signer {
        @Override
        public CoseKey publicKey() {
            return name.publicKey();
        }

        @Override
        public Bytes sign(Bytes message) {
            return hand.sign(message);
        }
    }
}
