package dev.latchkey.cloud.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.cloud.TestNetwork;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.Entry;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that nobody asks for change under a node that runs; a later checkpoint's turn finds them. */
class ScrubTest {
    @TempDir
    Path directory;

    private final KeyPair key = TestNetwork.key();
    private final TestNetwork network =
            new TestNetwork(TestNetwork.key(), key, TestNetwork.key(), "seattle", policy -> policy);
    private final Clock clock = Clock.systemUTC();
    private final Voucher voucher = network.voucher("*", 1_000, clock.instant().plus(Duration.ofDays(2)));
    private ChainStore store;
    private ChainsMachine machine;
    private long index;

    @BeforeEach
    void open() throws IOException {
        store = ChainStore.open(directory.resolve("chains"));
        machine = new ChainsMachine(
                store,
                new ChainOpener(
                        directory.resolve("guard"),
                        store,
                        new BlockVerifier(TestNetwork.VERIFIER, Runnable::run),
                        TestNetwork.VERIFIER,
                        key,
                        Fellows.NONE,
                        clock,
                        new ScrubSettings(Duration.ZERO, 3),
                        Runnable::run));
        index++;
        machine.apply(new LogPosition(1, index), ChainCommand.begin(network.genesis.encode()));
        for (int i = 0; i < 4; i++) {
            join("d-" + i);
        }
        assertThat(line().alarm()).isEqualTo(Alarm.NONE);
    }

    @AfterEach
    void close() throws IOException {
        machine.close();
        store.close();
    }

    private CheckpointLine line() {
        return machine.chain(network.chain).orElseThrow().line();
    }

    private void join(String name) {
        apply(network.join(name, Identity.generate(TestNetwork.RANDOM), voucher).encode());
    }

    private void apply(Bytes transaction) {
        index++;
        Entry entry = new Entry(
                network.chain,
                clock.millis(),
                Bytes.fromHex("0000000000000000"),
                Optional.empty(),
                List.of(transaction));
        machine.apply(new LogPosition(1, index), ChainCommand.extend(entry));
    }

    /** Writes a block and records anew, as if they had been written wrong. */
    private void spoil(long height, boolean block, List<MemberRecord> records) {
        Checkpoint head = store.head(network.chain).orElseThrow();
        Checkpoint there = new Checkpoint(
                head.chain(),
                height,
                head.blockHash(),
                head.historyRoot(),
                head.directoryRoot(),
                head.policyNumber(),
                head.timeMillis());
        byte[] bytes = store.block(network.chain, height).orElseThrow().toArray();
        bytes[bytes.length - 1] ^= (byte) (block ? 1 : 0);
        store.write(store.position(), there, Bytes.wrap(bytes), records);
    }

    /** Orders on until the node has read all of it once more. */
    private void assertFound(String... texts) {
        for (int i = 0; i < 12; i++) {
            join("d-later-" + i);
        }
        assertThat(line().alarm()).isEqualTo(Alarm.DISK);
        assertThat(line().reason()).contains(texts).contains("take the node out");
        assertThat(line().published().orElseThrow().height())
                .as("signs no more")
                .isLessThan(line().verified().height() + 12)
                .isLessThan(machine.chain(network.chain).orElseThrow().applied().height());
        assertThat(line().reached(1_000)).isCompletedExceptionally();
    }

    @Test
    void anOldBlockThatChangedIsFound() {
        spoil(1, true, List.of());
        assertFound("chains/blocks", "height 1", "merkle-root differs, expected ");
    }

    @Test
    void theNewestRecordOfANameThatChangedIsFound() {
        MemberRecord record = store.recordAt(network.chain, "d-1", 9).orElseThrow();
        spoil(2, false, List.of(record.in(new MemberState.Suspended())));
        assertFound("chains/records", "height 2", "directory-root's leaf differs, expected ");
    }

    @Test
    void anEarlierRecordThatChangedIsFound() {
        apply(TransactionSigning.of(new Standing(Standing.Act.SUSPEND, "d-0", 2), network.chain)
                .by(network.operator)
                .finish()
                .encode());
        MemberRecord first = store.recordAt(network.chain, "d-0", 1).orElseThrow();
        assertThat(store.recordAt(network.chain, "d-0", 9).orElseThrow().sequence())
                .isEqualTo(2);
        spoil(1, false, List.of(first.in(new MemberState.Revoked())));
        assertFound("chains/records", "height 1", "a later record's pointer differs, expected ");
    }

    @Test
    void whatIsSoundIsReadAgainAndAgain() {
        for (int i = 4; i < 24; i++) {
            join("d-" + i);
        }
        assertThat(line().alarm()).isEqualTo(Alarm.NONE);
        assertThat(line().scrub().rows()).isGreaterThan(40);
        assertThat(line().scrub().sincePass(clock.instant().plusSeconds(60))).isLessThan(Duration.ofSeconds(90));
    }
}
