package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Policies that say too much, or the same twice. */
class PolicyEdgesTest {
    private final TestNetwork network = new TestNetwork();
    private final CoseKey somebody = KeyPair.generate(network.random).publicKey();

    @Test
    void oneReplicaOfASiblingCountsOnce() {
        Policy twice = with(List.of(new Policy.Sibling(chain(1), "b", 2, List.of(somebody, somebody), true)));
        assertThat(network.admit(change(twice).finish().encode())).isEqualTo(new Outcome.Refused(Refusal.BAD_POLICY));
    }

    @Test
    void aPolicyIsNoLongerThanWhoeverReadsOneAllows() {
        List<Policy.Sibling> siblings = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            siblings.add(new Policy.Sibling(chain(i), "b-" + i, 1, Collections.nCopies(16, somebody), true));
        }
        Bytes body = new PolicyChange(with(siblings)).body();
        assertThat(body.size()).isGreaterThan(Policy.MAX_BYTES);
        assertThatThrownBy(() -> Transaction.decode(body)).isInstanceOf(MalformedTransactionException.class);
    }

    @Test
    void aLightVerifierTakesAPolicyInOneFormOnly() {
        Policy next = with(List.of());
        Bytes plain = change(next).finish().encode();
        Bytes decorated = change(next)
                .with(BatchEndorsement.issue(network.chain, List.of(plain), Instant.EPOCH, network.operator)
                        .get(0))
                .finish()
                .encode();
        Policy before = network.state.policy();
        assertThat(PolicyRule.successor(network.chain, before, plain, TestNetwork.VERIFIER))
                .contains(next);
        assertThat(PolicyRule.successor(network.chain, before, decorated, TestNetwork.VERIFIER))
                .isEmpty();
    }

    @Test
    void genesisObeysWhatHoldsForEveryPolicy() throws Exception {
        Policy sound = network.genesis.policy();
        Policy.Witness gateway =
                new Policy.Witness("gateway-1", network.gateway.keys().sig());
        Transaction.decode(genesis(first(sound, List.of(gateway), List.of(), Policy.BlockVersion.FIRST)));

        Policy.Witness replica = new Policy.Witness("gateway-1", network.replica.publicKey());
        Policy.Sibling sibling = new Policy.Sibling(chain(1), "b", 1, List.of(somebody), true);
        for (Policy bad : List.of(
                first(sound, List.of(replica), List.of(), Policy.BlockVersion.FIRST),
                first(sound, List.of(), List.of(sibling, sibling), Policy.BlockVersion.FIRST),
                first(sound, List.of(), List.of(), new Policy.BlockVersion(2, 0)))) {
            assertThatThrownBy(() -> Transaction.decode(genesis(bad)))
                    .isInstanceOf(MalformedTransactionException.class);
        }
    }

    private Bytes genesis(Policy policy) {
        Genesis base = network.genesis;
        return new Genesis(base.network(), base.chainName(), policy, base.timeMillis(), base.members()).body();
    }

    private static Policy first(
            Policy base, List<Policy.Witness> witnesses, List<Policy.Sibling> siblings, Policy.BlockVersion version) {
        return new Policy(
                0,
                Optional.empty(),
                base.operators(),
                base.replicas(),
                new Policy.Witnesses(0, witnesses),
                0,
                base.limits(),
                siblings,
                version);
    }

    private Policy with(List<Policy.Sibling> siblings) {
        Policy before = network.state.policy();
        return new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                0,
                before.limits(),
                siblings,
                before.blockVersion());
    }

    private TransactionSigning change(Policy next) {
        return TransactionSigning.of(new PolicyChange(next), network.chain).by(network.operator);
    }

    private static ChainId chain(int number) {
        return new ChainId(Digest.sha256(Bytes.utf8("chain " + number)));
    }
}
