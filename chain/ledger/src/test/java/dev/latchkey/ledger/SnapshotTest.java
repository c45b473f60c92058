package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.directory.Words;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.TransactionSigning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private final TestNetwork network = new TestNetwork();
    private Identity member;

    /** A chain with something in every section that blocks alone can fill. */
    @BeforeEach
    void live() {
        member = network.joined("d-1");
        Identity gone = network.joined("d-2");
        network.befriend(new TestNetwork("oslo"), true);
        network.apply(TransactionSigning.leave(new Leave("d-2", 2), network.chain, gone.sig())
                .encode());
        Identity fresh = Identity.generate(network.random);
        network.apply(
                TransactionSigning.of(new RecoverByOperators("d-1", 2, fresh.keys(), Optional.empty()), network.chain)
                        .by(fresh.sig())
                        .possessedBy(fresh.dtls())
                        .by(network.operator)
                        .finish()
                        .encode());
        for (int i = 0; i < 40; i++) {
            network.joined("e-" + i);
        }
    }

    private static List<Bytes> pieces(ChainState state, HistoryTree history) {
        List<Bytes> pieces = new ArrayList<>();
        SnapshotWriter.write(state, history, pieces::add);
        return pieces;
    }

    private RestoredState read(List<Bytes> pieces) throws MalformedSnapshotException {
        SnapshotReader reader = new SnapshotReader(network.chain);
        for (Bytes piece : pieces) {
            reader.accept(piece);
        }
        return reader.finish(network.blocks.get((int) reader.height()));
    }

    @Test
    void whatIsReadBackIsTheStateItselfAndGoesOnAsIt() throws Exception {
        RestoredState restored = read(pieces(network.state, network.history));
        ChainState there = restored.state();
        assertThat(there.checkpoint()).isEqualTo(network.state.checkpoint());
        assertThat(there.policyTransactions()).isEqualTo(network.state.policyTransactions());
        assertThat(there.memberCount()).isEqualTo(network.state.memberCount());
        assertThat(there.registrant(member.dtls().publicKey().kid())).isPresent();
        assertThat(pieces(there, restored.history())).isEqualTo(pieces(network.state, network.history));

        int from = network.blocks.size();
        network.apply(TransactionSigning.leave(new Leave("d-1", 2), network.chain, member.sig())
                .encode());
        network.joined("f-1");
        network.pass(RecoveryRules.OBJECTION_MILLIS);
        network.apply();
        BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
        for (Bytes block : network.blocks.subList(from, network.blocks.size())) {
            VerifiedBlock next = verifier.verify(there, block);
            restored.history().append(next.historyLeaf());
            there = next.after();
        }
        assertThat(pieces(there, restored.history())).isEqualTo(pieces(network.state, network.history));
    }

    @Test
    void anOlderStateIsWrittenWhileTheChainGoesOn() throws Exception {
        ChainState old = network.state;
        List<Bytes> then = pieces(old, network.history);
        network.joined("f-1");
        assertThat(pieces(old, network.history)).isEqualTo(then);
        assertThat(read(then).state().height()).isEqualTo(old.height());
    }

    @Test
    void whatOtherChainsSaidOfMembersAndReplicasIsKept() throws Exception {
        Registers registers = network.state.registers().copy();
        registers.putTombstone(Bytes.wrap(new byte[16]));
        registers.strike(List.of(network.replica.publicKey().kid()), network.genesisTransaction);
        ChainState marked = new ChainState(
                registers,
                network.state.height(),
                network.state.header(),
                network.state.headerBytes(),
                network.state.history());
        ChainState there = read(pieces(marked, network.history)).state();
        assertThat(there.struck()).isEqualTo(marked.struck()).hasSize(1);
        assertThat(there.registers().tombstones()).isEqualTo(marked.registers().tombstones());
        assertThat(there.policyTransactions()).isEqualTo(marked.policyTransactions());
    }

    @Test
    void damageAnywhereIsRefused() {
        List<Bytes> pieces = pieces(network.state, network.history);
        Random random = new Random(17);
        for (int round = 0; round < 400; round++) {
            List<Bytes> damaged = new ArrayList<>(pieces);
            int at = random.nextInt(damaged.size());
            byte[] piece = damaged.get(at).toArray();
            switch (round % 4) {
                case 0 -> {
                    piece[random.nextInt(piece.length)] ^= (byte) (1 << random.nextInt(8));
                    damaged.set(at, Bytes.wrap(piece));
                }
                case 1 -> damaged.set(at, damaged.get(at).slice(0, random.nextInt(piece.length)));
                case 2 -> damaged.remove(at);
                default -> damaged.add(random.nextInt(damaged.size() + 1), damaged.get(at));
            }
            assertThatThrownBy(() -> read(damaged)).isInstanceOf(MalformedSnapshotException.class);
        }
    }

    @Test
    void aStateWhoseDigestFitsButWhoseDirectoryDoesNotIsRefused() {
        ChainState other = new ChainState(
                withOneMore(network.state.registers()),
                network.state.height(),
                network.state.header(),
                network.state.headerBytes(),
                network.state.history());
        List<Bytes> pieces = pieces(other, network.history);
        assertThatThrownBy(() -> read(pieces)).hasMessage("the directory has another root");
    }

    private Registers withOneMore(Registers registers) {
        Registers copy = registers.copy();
        copy.restoreDirectory(List.of(Digest.ZERO), List.of(Bytes.EMPTY));
        return copy;
    }

    @Test
    void theStateOfAnotherChainBlockOrVersionIsRefused() throws Exception {
        List<Bytes> pieces = pieces(network.state, network.history);
        assertThatThrownBy(() -> new SnapshotReader(new TestNetwork().chain).accept(pieces.get(0)))
                .hasMessage("the state of another chain");
        SnapshotReader reader = new SnapshotReader(network.chain);
        for (Bytes piece : pieces) {
            reader.accept(piece);
        }
        assertThatThrownBy(() -> reader.finish(network.blocks.get(3))).hasMessage("the state of another block");
        Bytes newer = Cbor.encode(Cbor.array(
                Cbor.uint(0),
                Cbor.text("latchkey-state"),
                Cbor.uint(2),
                Cbor.bytes(network.chain.bytes()),
                Cbor.uint(1),
                Cbor.bytes(network.state.headerBytes())));
        assertThatThrownBy(() -> new SnapshotReader(network.chain).accept(newer))
                .hasMessage("a stored state of another version");
        HistoryTree foreign = new TestNetwork().history;
        assertThatThrownBy(() -> pieces(network.state, foreign)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equalOwnersAreOneString() {
        OwnerNames names = new OwnerNames(KeyPair.generate(network.random).hashCode());
        byte[] text = "d-1d-2d-1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        String first = names.of(text, 0, 3).orElseThrow();
        for (int i = 0; i < 5_000; i++) {
            byte[] other = ("x" + i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            assertThat(names.of(other, 0, other.length)).contains("x" + i);
        }
        assertThat(names.of(text, 6, 3).orElseThrow()).isSameAs(first);
        assertThat(names.of(Words.bytes(1).toArray(), 0, 8)).isEmpty();
    }
}
