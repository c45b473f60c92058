package dev.latchkey.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.MalformedSnapshotException;
import dev.latchkey.ledger.Step;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {
    private static final long HOUR_MILLIS = 3_600_000;

    @TempDir
    Path directory;

    private final HistoryTree history = new HistoryTree();
    private final List<Bytes> blocks = new ArrayList<>();
    private Step newest;

    @BeforeEach
    void begin() throws Exception {
        SecureRandom random = new SecureRandom();
        KeyPair operator = KeyPair.generate(random);
        Identity admin = Identity.generate(random);
        Identity gateway = Identity.generate(random);
        Policy policy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(
                        1,
                        List.of(new Policy.Replica(
                                KeyPair.generate(random).publicKey(),
                                KeyPair.generate(random).publicKey()))));
        Genesis genesis = new Genesis(
                "city",
                "seattle",
                policy,
                1_800_000_000_000L,
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gateway", Role.GATEWAY, gateway.keys(), Optional.empty())));
        take(Ledger.genesis(TransactionSigning.genesis(genesis, List.of(operator), List.of(admin, gateway))
                .encode()));
        idle();
    }

    /** An hour without a transaction makes a block. */
    private void idle() {
        take(Ledger.apply(
                newest.state(),
                new Entry(
                        newest.state().chainId(),
                        newest.state().header().timeMillis() + HOUR_MILLIS,
                        Bytes.wrap(new byte[8]),
                        Optional.empty(),
                        List.of())));
    }

    private void take(Step step) {
        newest = step;
        blocks.add(step.block().orElseThrow().encoded());
        history.append(step.block().orElseThrow().historyLeaf());
    }

    private StateFile file() {
        return new StateFile(directory.resolve("states"), newest.state().chainId());
    }

    private Path path() {
        return directory.resolve("states").resolve(newest.state().chainId().toHex() + ".state");
    }

    private Optional<Bytes> block(long height) {
        return height < blocks.size() ? Optional.of(blocks.get((int) height)) : Optional.empty();
    }

    @Test
    void givesBackWhatWasWrittenLast() throws Exception {
        assertThat(file().read(this::block)).isEmpty();
        file().write(newest.state(), history);
        idle();
        file().write(newest.state(), history);
        var read = file().read(this::block).orElseThrow();
        assertThat(read.state().checkpoint()).isEqualTo(newest.state().checkpoint());
        assertThat(read.history().root(3)).isEqualTo(history.root(3));
        blocks.remove(2);
        assertThatThrownBy(() -> file().read(this::block)).hasMessage("the state of a block that is not there");
    }

    @Test
    void isRefusedWhereverItBreaksOff() throws Exception {
        file().write(newest.state(), history);
        byte[] whole = Files.readAllBytes(path());
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(path(), java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> file().read(this::block)).isInstanceOf(MalformedSnapshotException.class);
        }
        Files.write(
                path(), Bytes.concat(Bytes.wrap(whole), Bytes.of((byte) 0x40)).toArray());
        assertThatThrownBy(() -> file().read(this::block)).isInstanceOf(MalformedSnapshotException.class);
    }

    @Test
    void aFailedWriteLeavesTheOldOneAndNothingElse() throws Exception {
        file().write(newest.state(), history);
        byte[] before = Files.readAllBytes(path());
        Files.write(path().resolveSibling("." + path().getFileName() + ".0a0b.tmp"), new byte[9]);
        idle();
        StateFile failing =
                new StateFile(new FullDisk(), path().getParent(), newest.state().chainId());
        assertThatThrownBy(() -> failing.write(newest.state(), history)).hasMessage("no space left");
        assertThat(Files.readAllBytes(path())).isEqualTo(before);
        assertThat(file().read(this::block)).isPresent();
        try (var left = Files.list(path().getParent())) {
            assertThat(left).as("what a crash left is gone as well").containsExactly(path());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23, 24, 255, 256, 65_535, 65_536})
    void aPieceIsAByteStringOfCbor(int size) throws Exception {
        Bytes piece = Bytes.wrap(new byte[size]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StateFile.write(out, piece);
        assertThat(Bytes.wrap(out.toByteArray())).isEqualTo(Cbor.encode(Cbor.bytes(piece)));
        assertThat(StateFile.next(new ByteArrayInputStream(out.toByteArray()))).contains(piece);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5817",
                "5900ff",
                "5a0000ffff",
                "5a00100001",
                "5affffffff",
                "5b0000000000000001",
                "5f",
                "01",
                "80"
            })
    void noOtherFormOfAByteStringIsRead(String hex) {
        ByteArrayInputStream in = new ByteArrayInputStream(Bytes.fromHex(hex).toArray());
        assertThatThrownBy(() -> StateFile.next(in)).isInstanceOf(MalformedSnapshotException.class);
        assertThatThrownBy(() -> StateFile.next(
                        new ByteArrayInputStream(Bytes.fromHex("4400").toArray())))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void theKeeperWritesInTurnsAndAtTheEnd() throws Exception {
        Queue<Runnable> begun = new ArrayDeque<>();
        long[] nanos = {0};
        List<Exception> failures = new ArrayList<>();
        StateKeeper keeper = new StateKeeper(
                file(), 2, begun::add, failures::add, new StateKeeper.Rhythm(3, 1, () -> nanos[0] += 10));
        passed(keeper, 1);
        assertThat(begun).as("too early").isEmpty();
        passed(keeper, 5);
        assertThat(begun).as("one at a time").hasSize(1);
        begun.remove().run();
        assertThat(file().read(this::block).orElseThrow().state().height()).isEqualTo(4);
        passed(keeper, 1);
        assertThat(begun).as("no sooner than fifty times as long as it took").isEmpty();
        nanos[0] += 50 * 10;
        passed(keeper, 1);
        begun.remove().run();
        assertThat(file().read(this::block).orElseThrow().state().height())
                .isEqualTo(newest.state().height());
        Files.delete(path());
        keeper.close(newest.state(), history);
        assertThat(path()).as("nothing new to write").doesNotExist();
        idle();
        keeper.close(newest.state(), history);
        assertThat(file().read(this::block)).isPresent();
        assertThat(failures).isEmpty();
    }

    private void passed(StateKeeper keeper, int more) {
        for (int i = 0; i < more; i++) {
            idle();
            keeper.passed(newest.state(), history, newest::state);
        }
    }

    /** A disk that takes no byte. */
    private static final class FullDisk extends ForwardingDisk {
        @Override
        public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            throw new IOException("no space left");
        }
    }
}
