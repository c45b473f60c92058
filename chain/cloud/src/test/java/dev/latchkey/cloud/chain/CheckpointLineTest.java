package dev.latchkey.cloud.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica signs what it has verified itself, and nothing else. */
class CheckpointLineTest {
    @TempDir
    Path directory;

    private final KeyPair secondKey = TestNetwork.key();
    private final KeyPair firstKey = TestNetwork.key();
    private final KeyPair firstTls = TestNetwork.key();
    private final TestNetwork network = new TestNetwork(
            TestNetwork.key(),
            firstKey,
            firstTls,
            "seattle",
            policy -> TestNetwork.withReplicas(
                    policy,
                    2,
                    new Policy.Replica(firstKey.publicKey(), firstTls.publicKey()),
                    new Policy.Replica(secondKey.publicKey(), TestNetwork.key().publicKey())));
    private final SettableClock clock = new SettableClock();
    private final Voucher voucher = network.voucher("*", 10, clock.instant().plus(Duration.ofDays(2)));

    private SignedTransaction join(String name) {
        return network.join(name, Identity.generate(TestNetwork.RANDOM), voucher);
    }

    @Test
    void aLeaderThatSlipsInAForgedJoinGetsNoSecondSignature() throws Exception {
        try (Replica first = new Replica("first", firstKey);
                Replica second = new Replica("second", secondKey)) {
            Bytes good = join("d-good").encode();
            first.apply(clock.millis(), good);
            second.apply(clock.millis(), good);
            SignedCheckpoint both = first.signed().with(second.signed());
            assertThat(CheckpointVerifier.verify(both, network.policy(), TestNetwork.VERIFIER)
                            .checkpoint()
                            .height())
                    .isEqualTo(1);

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
    void aHeaderADayAheadIsSignedOnlyWhenItsTimeHasCome() throws Exception {
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
        try (Replica replica = new Replica("first", firstKey)) {
            replica.apply(
                    clock.millis() + CheckpointLine.MAX_AHEAD.toMillis(),
                    join("d-soon").encode());
            assertThat(replica.signed().checkpoint().height()).isEqualTo(1);
        }
    }

    /** One replica's machine on a store of its own; its line works on the caller's thread. */
    private final class Replica implements AutoCloseable {
        private final ChainStore store;
        private final ChainsMachine machine;
        private long index;

        Replica(String name, KeyPair key) throws IOException {
            store = ChainStore.open(directory.resolve(name).resolve("chains"));
            BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
            Path guards = directory.resolve(name).resolve("guard");
            machine = new ChainsMachine(store, new ChainOpener(guards, store, verifier, key, clock, Runnable::run));
            machine.apply(next(), ChainCommand.begin(network.genesis.encode()));
        }

        private LogPosition next() {
            index++;
            return new LogPosition(1, index);
        }

        void apply(long clockMillis, Bytes... transactions) {
            Bytes nonce = Bytes.fromHex("0000000000000000");
            Entry entry = new Entry(network.chain, clockMillis, nonce, Optional.empty(), List.of(transactions));
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
