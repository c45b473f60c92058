package dev.latchkey.gateway.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.gateway.harness.TestNetwork;
import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.replica.ReplicaListener;
import dev.latchkey.gateway.replica.ReplicaTiming;
import dev.latchkey.gateway.replica.Replicas;
import dev.latchkey.gateway.store.ChainRows;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.transaction.Policy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {
    @TempDir
    Path directory;

    private TestNetwork network;
    private Store store;

    @BeforeEach
    void open() throws Exception {
        network = new TestNetwork();
        network.joined("d-1");
        store = Store.open(directory, Runnable::run);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theMomentOfACosignatureIsTheReplicasAndNotThisMachines() throws Exception {
        Instant then = Instant.ofEpochSecond(Instant.now().getEpochSecond() - 45);

        SignedCheckpoint own = witness(Clock.systemUTC())
                .cosign(verified(network.state().checkpoint(), then))
                .join()
                .orElseThrow();

        assertThat(own.parts().get(0).seconds()).isEqualTo(then.getEpochSecond());
    }

    @Test
    void aCosignatureIsGivenOnceForEachMoment() throws Exception {
        Witness witness = witness(Clock.systemUTC());
        Instant now = Instant.now();
        Checkpoint body = network.state().checkpoint();

        assertThat(witness.cosign(verified(body, now)).join()).isPresent();
        assertThat(witness.cosign(verified(body, now)).join()).isEmpty();
        assertThat(witness.cosign(verified(body, now.plusSeconds(60))).join()).isPresent();
    }

    @Test
    void neverTwoBodiesForOneHeightAndNeverALowerOneAlsoAfterARestart() throws Exception {
        Checkpoint lower = network.state().checkpoint();
        network.joined("d-2");
        VerifiedCheckpoint higher = verified(network.state().checkpoint(), Instant.now());
        VerifiedCheckpoint twin = verified(network.secondHead().checkpoint(), Instant.now());
        assertThat(witness(Clock.systemUTC()).cosign(higher).join()).isPresent();
        store.close();
        store = Store.open(directory, Runnable::run);
        Witness again = witness(Clock.systemUTC());

        assertThat(again.cosign(twin).join()).isEmpty();
        assertThat(again.cosign(verified(lower, Instant.now())).join()).isEmpty();
        assertThat(again.last(network.chain)).map(SignedCheckpoint::checkpoint).contains(higher.checkpoint());
    }

    @Test
    void onACopyOfItsStoreItCosignsOnlyWhatIsNewerThanTheReturn() throws Exception {
        VerifiedCheckpoint body = verified(network.state().checkpoint(), Instant.now());
        restored(Clock.systemUTC());
        Witness now = witness(Clock.systemUTC());
        assertThat(now.cosign(body).join()).isEmpty();
        assertThat(now.last(network.chain)).isEmpty();

        restored(Clock.fixed(Instant.now().minusSeconds(3_600), ZoneOffset.UTC));
        assertThat(witness(Clock.systemUTC()).cosign(body).join()).isPresent();
    }

    private void restored(Clock clock) {
        store.submit(draft -> {
                    Witness.restored(draft, clock);
                    return null;
                })
                .join();
    }

    @Test
    void aHeaderFromTheFutureIsNotCosigned() throws Exception {
        Clock slow = Clock.fixed(Instant.now().minusSeconds(120), ZoneOffset.UTC);

        assertThat(witness(slow)
                        .cosign(verified(network.state().checkpoint(), Instant.now()))
                        .join())
                .isEmpty();
    }

    @Test
    void onlyTheNamedGatewayWithThatVeryKeyIsAWitness() throws Exception {
        Witness witness = witness(Clock.systemUTC());
        assertThat(witness.isListed(network.state())).isFalse();
        network.witnessedBy(1, "gateway");
        assertThat(witness.isListed(network.state())).isTrue();
        assertThat(new Witness(KeyPair.generate(network.random), store, Clock.systemUTC()).isListed(network.state()))
                .isFalse();
    }

    @Test
    void aSiblingsCheckpointMustContinueTheLastOne() throws Exception {
        TestNetwork sibling = new TestNetwork("tacoma", network);
        network.befriend(sibling);
        SignedCheckpoint first = sibling.checkpoint();
        sibling.joined("d-7");
        sibling.joined("d-8");
        SignedCheckpoint second = sibling.checkpoint();
        List<Digest> path = sibling.history().consistency(1, 3);
        try (OpenReplica replica = new OpenReplica()) {
            WitnessDesk desk = replica.desk();

            assertThat(desk.judge(request(null, List.of(), first)).join()).isInstanceOf(Judgement.Given.class);
            assertThat(code(desk, request(null, path, second))).isEqualTo("other-height 0");
            assertThat(code(desk, request(0L, path.subList(1, path.size()), second)))
                    .isEqualTo("inconsistent ");
            Judgement given = desk.judge(request(0L, path, second)).join();
            assertThat(((Judgement.Given) given).checkpoint().checkpoint()).isEqualTo(second.checkpoint());
            assertThat(code(desk, request(2L, List.of(), sibling.secondHead()))).isEqualTo("inconsistent ");
            assertThat(code(desk, request(2L, List.of(), first))).isEqualTo("other-height 2");
            assertThat(code(desk, request(2L, List.of(), signedByNobody(second))))
                    .isEqualTo("not-signed ");
        }
    }

    @Test
    void aRequestThatIsCutOrChangedIsReadStrictlyOrNotAtAll() {
        Bytes whole = new WitnessRequest(OptionalLong.of(3), List.of(Digest.ZERO), network.checkpoint()).encode();
        for (int i = 0; i < whole.size(); i++) {
            assertThat(WitnessRequest.decode(whole.slice(0, i))).isEmpty();
            byte[] changed = whole.toArray();
            changed[i] ^= (byte) (1 << (i % Byte.SIZE));
            Bytes other = Bytes.wrap(changed);
            WitnessRequest.decode(other)
                    .ifPresent(read -> assertThat(read.encode()).isEqualTo(other));
        }
        assertThat(WitnessRequest.decode(Bytes.concat(whole, Bytes.of((byte) 0))))
                .isEmpty();
    }

    private SignedCheckpoint signedByNobody(SignedCheckpoint checkpoint) {
        return SignedCheckpoint.sign(checkpoint.checkpoint(), KeyPair.generate(network.random), Instant.now());
    }

    private static String code(WitnessDesk desk, WitnessRequest request) {
        Judgement.Refused refused = (Judgement.Refused) desk.judge(request).join();
        return refused.code() + " " + refused.detail();
    }

    private static WitnessRequest request(Long old, List<Digest> path, SignedCheckpoint checkpoint) {
        OptionalLong height = old == null ? OptionalLong.empty() : OptionalLong.of(old);
        Bytes encoded = new WitnessRequest(height, path, checkpoint).encode();
        return WitnessRequest.decode(encoded).orElseThrow();
    }

    private Witness witness(Clock clock) {
        return new Witness(network.gateway.sig(), store, clock);
    }

    private VerifiedCheckpoint verified(Checkpoint body, Instant moment) throws Exception {
        return CheckpointVerifier.verify(
                SignedCheckpoint.sign(body, network.replica, moment),
                PolicyChain.verify(network.chain, network.state().policyTransactions(), StrictEcVerifier.bouncy()),
                StrictEcVerifier.bouncy());
    }

    /** The network's chain, verified up to its newest block. */
    private final class OpenReplica implements AutoCloseable {
        private final Replica replica;

        OpenReplica() throws Exception {
            replica = Replica.open(
                    network.chain,
                    ChainRows.of(store, network.chain.bytes()),
                    StrictEcVerifier.bouncy(),
                    Runnable::run,
                    Clock.systemUTC(),
                    new ReplicaTiming(Duration.ofMillis(1), Duration.ofHours(1)),
                    new Deaf());
            for (Bytes block : network.blocksFrom(0)) {
                replica.accept(block);
            }
            Optional<Long> newest = Optional.of(network.state().height());
            await().until(() -> replica.state().map(state -> state.height()).equals(newest));
        }

        WitnessDesk desk() {
            Replicas served = new Replicas();
            served.add(replica);
            return new WitnessDesk(served, witness(Clock.systemUTC()), StrictEcVerifier.bouncy(), Runnable::run);
        }

        @Override
        public void close() {
            replica.close();
        }
    }

    /** Hears and does nothing. */
    private static final class Deaf implements ReplicaListener {
        @Override
        public void memberEnded(MemberHandle handle) {}

        @Override
        public void memberBegun(MemberHandle handle) {}

        @Override
        public void policyChanged(Policy policy) {}

        @Override
        public void headChanged(Head head) {}
    }
}
