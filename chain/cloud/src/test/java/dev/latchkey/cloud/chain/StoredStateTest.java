package dev.latchkey.cloud.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.TestNetwork;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node opens its chains on the state it wrote at its stop, and on the blocks where there is none. */
class StoredStateTest {
    @TempDir
    Path directory;

    private final KeyPair key = TestNetwork.key();
    private final TestNetwork network =
            new TestNetwork(TestNetwork.key(), key, TestNetwork.key(), "seattle", policy -> policy);
    private final Clock clock = Clock.systemUTC();
    private final Voucher voucher = network.voucher("*", 1_000, clock.instant().plus(Duration.ofDays(2)));

    @Test
    void aCleanStopLeavesAStateThatTheNextStartGoesOnFrom() throws Exception {
        ChainState before;
        try (Node node = new Node(1)) {
            node.apply(2, joins(300));
            before = node.chain().applied();
            assertThat(before.memberCount()).isGreaterThan(300);
        }
        assertThat(file()).exists();
        try (Node node = new Node(3)) {
            assertThat(node.chain().applied().checkpoint()).isEqualTo(before.checkpoint());
            assertThat(node.chain().line().verified().checkpoint()).isEqualTo(before.checkpoint());
            node.apply(4, joins(1));
            assertThat(node.chain().applied())
                    .as("held once")
                    .isSameAs(node.chain().line().verified());
            assertThat(node.chain().line().published().orElseThrow().height()).isEqualTo(2);
            before = node.chain().applied();
        }
        byte[] whole = Files.readAllBytes(file());
        whole[whole.length / 2] ^= 1;
        Files.write(file(), whole);
        try (Node node = new Node(4)) {
            assertThat(node.chain().applied().checkpoint()).isEqualTo(before.checkpoint());
        }
        assertThat(Files.readAllBytes(file())).as("written anew").isNotEqualTo(whole);
    }

    @Test
    void aStateBeyondWhatTheGuardSignedIsNotBelieved() throws Exception {
        try (Node node = new Node(1)) {
            node.apply(2, joins(300));
        }
        try (var guards = Files.list(directory.resolve("guard"))) {
            for (Path guard : guards.filter(path -> !path.endsWith("FORMAT")).toList()) {
                Files.delete(guard);
            }
        }
        try (Node node = new Node(3)) {
            assertThat(node.chain().line().alarm()).isEqualTo(Alarm.GUARD_LOST);
            assertThat(node.chain().applied().height()).isEqualTo(1);
        }
    }

    private Bytes[] joins(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> network.join("d-" + System.nanoTime() + i, Identity.generate(TestNetwork.RANDOM), voucher)
                                .encode())
                .toArray(Bytes[]::new);
    }

    private Path file() {
        return directory.resolve("chains").resolve("states").resolve(network.chain.toHex() + ".state");
    }

    private final class Node implements AutoCloseable {
        private final ChainStore store = ChainStore.open(directory.resolve("chains"));
        private final ChainsMachine machine = new ChainsMachine(
                store,
                new ChainOpener(
                        directory.resolve("guard"),
                        store,
                        new BlockVerifier(TestNetwork.VERIFIER, Runnable::run),
                        TestNetwork.VERIFIER,
                        key,
                        Fellows.NONE,
                        clock,
                        ScrubSettings.USUAL,
                        Runnable::run));

        Node(long index) throws IOException {
            if (index == 1) {
                machine.apply(new LogPosition(1, index), ChainCommand.begin(network.genesis.encode()));
            }
        }

        void apply(long index, Bytes... transactions) {
            Entry entry = new Entry(
                    network.chain,
                    clock.millis(),
                    Bytes.fromHex("0000000000000000"),
                    Optional.empty(),
                    java.util.List.of(transactions));
            machine.apply(new LogPosition(1, index), ChainCommand.extend(entry));
        }

        OrderedChain chain() {
            return machine.chain(network.chain).orElseThrow();
        }

        @Override
        public void close() throws IOException {
            machine.close();
            store.close();
        }
    }
}
