package dev.latchkey.cloud.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.TestNetwork;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.Entry;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ProofException;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica signs what it has verified itself, and nothing else. */
class CheckpointLineTest {
    @TempDir
    Path directory;

    private final KeyPair secondKey = TestNetwork.key();
    private final KeyPair firstKey = TestNetwork.key();
    private final KeyPair firstTls = TestNetwork.key();
    private final SettableClock clock = new SettableClock();
    private TestNetwork network = network(2);

    /** Two replicas, of which so many must sign. */
    private TestNetwork network(int k) {
        return new TestNetwork(
                TestNetwork.key(),
                firstKey,
                firstTls,
                "seattle",
                policy -> TestNetwork.withReplicas(
                        policy,
                        k,
                        new Policy.Replica(firstKey.publicKey(), firstTls.publicKey()),
                        new Policy.Replica(
                                secondKey.publicKey(), TestNetwork.key().publicKey())));
    }

    private SignedTransaction join(String name) {
        Voucher voucher = network.voucher("*", 10, clock.instant().plus(Duration.ofDays(2)));
        return network.join(name, Identity.generate(TestNetwork.RANDOM), voucher);
    }

    @Test
    void aLeaderThatSlipsInAForgedJoinGetsNoSecondSignature() throws Exception {
        try (Replica first = new Replica("first", firstKey);
                Replica second = new Replica("second", secondKey)) {
            Bytes good = join("d-good").encode();
            introduce(first, second);
            first.apply(clock.millis(), good);
            second.apply(clock.millis(), good);
            assertComplete(first, 1);
            assertComplete(second, 1);

            byte[] forged = join("d-forged").encode().toArray();
            forged[forged.length - 1] ^= 1;
            second.apply(clock.millis(), Bytes.wrap(forged));
            assertThat(second.chain().applied().member("d-forged")).isPresent(); // apply trusts the leader's check
            assertThat(second.chain().line().alarm()).isEqualTo(Alarm.BAD_BLOCK);
            assertThat(second.signed().checkpoint().height()).isEqualTo(1);
            SignedCheckpoint alone =
                    SignedCheckpoint.sign(second.chain().applied().checkpoint(), firstKey, clock.instant());
            assertThatThrownBy(() -> CheckpointVerifier.verify(alone, network.policy(), TestNetwork.VERIFIER))
                    .isInstanceOf(ProofException.class);

            second.apply(clock.millis(), join("d-after").encode());
            clock.advance(CheckpointLine.RENEWAL);
            second.chain().line().wake();
            assertThat(second.chain().applied().height()).isEqualTo(3);
            assertThat(second.signed().checkpoint().height()).isEqualTo(1);
            assertThat(second.chain().line().reached(3)).isCompletedExceptionally();
        }
    }

    @Test
    void aHeadWaitsForTheSignaturesThatThePolicyAsksFor() throws Exception {
        try (Replica first = new Replica("first", firstKey);
                Replica second = new Replica("second", secondKey)) {
            first.apply(clock.millis(), join("d-1").encode());
            assertThat(first.chain().line().alarm()).isEqualTo(Alarm.NONE);
            assertThat(first.chain().line().published()).isEmpty();
            assertThat(first.chain().line().reached(1)).isNotDone();

            introduce(first, second);
            clock.advance(Duration.ofSeconds(1));
            first.chain().line().wake();
            assertComplete(first, 0); // the other is behind: the genesis is all that both have
            assertThat(first.chain().line().reached(1)).isNotDone();
            second.apply(first.last);
            assertComplete(first, 1);
            assertComplete(second, 1);
            assertThat(first.chain().line().reached(1)).isCompleted();
        }
    }

    @Test
    void aReplicaSignsAnEarlierHeadOfItsHistoryForOneThatIsBehind() throws Exception {
        try (Replica first = new Replica("first", firstKey);
                Replica second = new Replica("second", secondKey)) {
            first.apply(clock.millis(), join("d-1").encode());
            second.apply(first.last);
            first.apply(clock.millis(), join("d-2").encode());
            introduce(first, second);
            clock.advance(Duration.ofSeconds(1));
            second.chain().line().wake();
            assertComplete(second, 1);
            assertThat(first.chain().line().published(1)).isPresent();
        }
    }

    @Test
    void anotherHeadOfAHeightIsRefusedAndAReplicaThatIsAloneWithItsHeadStops() throws Exception {
        network = network(1);
        try (Replica first = new Replica("first", firstKey)) {
            first.apply(clock.millis(), join("d-1").encode());
            Checkpoint own = first.chain().applied().checkpoint();
            Checkpoint other = new Checkpoint(
                    own.chain(),
                    own.height(),
                    own.blockHash(),
                    own.historyRoot(),
                    Digest.sha256(Bytes.utf8("a bit flipped")),
                    own.policyNumber(),
                    own.timeMillis());
            SignedCheckpoint stranger = SignedCheckpoint.sign(other, TestNetwork.key(), clock.instant());
            assertThat(first.cosigned(stranger)).isEqualTo(Cosigning.Verdict.OTHER_HEAD);
            assertThat(first.chain().line().alarm()).isEqualTo(Alarm.NONE);
            SignedCheckpoint forged = SignedCheckpoint.sign(own, TestNetwork.key(), clock.instant());
            assertThat(first.cosigned(forged)).isEqualTo(Cosigning.Verdict.BAD_SIGNATURE);
            SignedCheckpoint replicas = SignedCheckpoint.sign(other, secondKey, clock.instant());
            assertThat(first.cosigned(replicas)).isEqualTo(Cosigning.Verdict.OTHER_HEAD);
            assertThat(first.chain().line().alarm()).isEqualTo(Alarm.OTHER_THAN_REPLICAS);
            assertThat(first.chain().line().reached(2)).isCompletedExceptionally();
        }
    }

    @Test
    void theOthersSignaturesAreThereAfterARestart() throws Exception {
        try (Replica first = new Replica("first", firstKey);
                Replica second = new Replica("second", secondKey)) {
            introduce(first, second);
            first.apply(clock.millis(), join("d-1").encode());
            second.apply(first.last);
            assertComplete(first, 1);
        }
        try (Replica first = new Replica("first", firstKey)) {
            assertComplete(first, 1);
        }
    }

    private void assertComplete(Replica replica, long height) throws ProofException {
        assertThat(CheckpointVerifier.verify(replica.signed(), network.policy(), TestNetwork.VERIFIER)
                        .checkpoint()
                        .height())
                .isEqualTo(height);
    }

    private static void introduce(Replica one, Replica other) {
        one.fellow = Optional.of(other);
        other.fellow = Optional.of(one);
    }

    @Test
    void aHeaderADayAheadIsSignedOnlyWhenItsTimeHasCome() throws Exception {
        network = network(1);
        try (Replica replica = new Replica("first", firstKey)) {
            long tomorrow = clock.millis() + Duration.ofDays(1).toMillis();
            replica.apply(tomorrow, join("d-early").encode());
            assertThat(replica.chain().line().alarm()).isEqualTo(Alarm.AHEAD);
            assertThat(replica.signed().checkpoint().height()).isZero();
            assertThat(replica.chain().line().reached(1)).isCompletedExceptionally();
            clock.advance(Duration.ofDays(1));
            replica.chain().line().wake();
            assertThat(replica.chain().line().alarm()).isEqualTo(Alarm.NONE);
            assertThat(replica.signed().checkpoint().height()).isEqualTo(1);
        }
    }

    @Test
    void aHeaderOfTheNextMinuteIsSigned() throws Exception {
        network = network(1);
        try (Replica replica = new Replica("first", firstKey)) {
            replica.apply(
                    clock.millis() + SigningHand.MAX_AHEAD.toMillis(),
                    join("d-soon").encode());
            assertThat(replica.signed().checkpoint().height()).isEqualTo(1);
        }
    }

    /** One replica's machine on a store of its own; its line works on the caller's thread. */
    private final class Replica implements AutoCloseable {
        private final ChainStore store;
        private final ChainsMachine machine;
        private Optional<Replica> fellow = Optional.empty();
        private Entry last;
        private long index;

        Replica(String name, KeyPair key) throws IOException {
            store = ChainStore.open(directory.resolve(name).resolve("chains"));
            BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
            Path guards = directory.resolve(name).resolve("guard");
            machine = new ChainsMachine(
                    store,
                    new ChainOpener(
                            guards,
                            store,
                            verifier,
                            TestNetwork.VERIFIER,
                            key,
                            this::show,
                            clock,
                            ScrubSettings.USUAL,
                            Runnable::run));
            machine.apply(next(), ChainCommand.begin(network.genesis.encode()));
        }

        private void show(SignedCheckpoint signed, Consumer<SignedCheckpoint> answer) {
            fellow.ifPresent(other -> other.chain()
                    .line()
                    .cosign(signed)
                    .thenAccept(cosigned -> cosigned.signed().ifPresent(answer)));
        }

        Cosigning.Verdict cosigned(SignedCheckpoint shown) {
            return chain().line().cosign(shown).join().verdict();
        }

        private LogPosition next() {
            index++;
            return new LogPosition(1, index);
        }

        void apply(long clockMillis, Bytes... transactions) {
            Bytes nonce = Bytes.fromHex("0000000000000000");
            apply(new Entry(network.chain, clockMillis, nonce, Optional.empty(), List.of(transactions)));
        }

        void apply(Entry entry) {
            last = entry;
            machine.apply(next(), ChainCommand.extend(entry));
        }

        OrderedChain chain() {
            return machine.chain(network.chain).orElseThrow();
        }

        SignedCheckpoint signed() {
            return chain().line().published().orElseThrow().signed();
        }

        @Override
        public void close() throws IOException {
            machine.close();
            store.close();
        }
    }

    private static final class SettableClock extends Clock {
        private Instant now = Instant.now();

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
