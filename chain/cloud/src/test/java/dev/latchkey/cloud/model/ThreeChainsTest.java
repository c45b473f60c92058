package dev.latchkey.cloud.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.audit.AuditReport;
import dev.latchkey.cloud.audit.Auditor;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.ExportWriter;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.SnapshotReader;
import dev.latchkey.ledger.SnapshotWriter;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.merkle.HistoryTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Random streams of all kinds over three chains: granted and refused as the model says, and the same however replayed. */
class ThreeChainsTest {
    private static final long SEED = 20_261_122;
    private static final String[] KINDS = {
        "join",
        "rotate",
        "relocate-out",
        "relocate-in",
        "relocate-done",
        "relocate-cancel",
        "leave",
        "rejoin",
        "standing",
        "recover",
        "recover-by-operators",
        "veto",
        "policy",
        "evidence",
        "foreign-revoke"
    };

    @TempDir
    private Path directory;

    private final EcVerifier verifier = EcProviders.verifier();
    private final BlockVerifier fresh = new BlockVerifier(verifier, Runnable::run);

    @Test
    void everyStepGoesAsTheModelSaysAndIsReplayedToTheSameBytes() throws Exception {
        walk(SEED, 600);
    }

    @Test
    @Tag("long")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void manySeedsAreReplayedToTheSameBytes() throws Exception {
        for (int i = 1; i <= 40; i++) {
            walk(SEED + i, 3_000);
        }
    }

    private void walk(long seed, int steps) throws Exception {
        System.out.println("seed " + seed);
        Walk walk = new Walk(seed, verifier);
        for (int i = 0; i < steps; i++) {
            walk.step();
            walk.checkInvariants();
        }
        assertThat(walk.granted).containsKeys(KINDS);
        assertThat(walk.refused).isPositive();
        for (ModelChain chain : walk.chains) {
            replayedFromItsBytes(chain);
            replayedFromAnExport(chain);
            continuedFromASnapshot(chain, 1 + walk.dice.nextInt(chain.blocks.size() - 1));
        }
    }

    private void replayedFromItsBytes(ModelChain chain) throws Exception {
        ChainState first = fresh.replayGenesis(chain.chain, chain.blocks.get(0)).after();
        same(replay(first, chain.blocks, new HistoryTree()), chain.state);
    }

    /** Half of the chain, stored and read back, then the rest of its blocks. */
    private void continuedFromASnapshot(ModelChain chain, int height) throws Exception {
        HistoryTree history = new HistoryTree();
        VerifiedBlock genesis = fresh.replayGenesis(chain.chain, chain.blocks.get(0));
        history.append(genesis.historyLeaf());
        ChainState half = replay(genesis.after(), chain.blocks.subList(0, height + 1), history);
        List<Bytes> pieces = new ArrayList<>();
        SnapshotWriter.write(half, history, pieces::add);
        SnapshotReader reader = new SnapshotReader(chain.chain);
        for (Bytes piece : pieces) {
            reader.accept(piece);
        }
        ChainState restored = reader.finish(chain.blocks.get(height)).state();
        same(restored, half);
        same(replay(restored, chain.blocks, history), chain.state);
    }

    /** Goes on with the blocks that a state does not have yet. */
    private ChainState replay(ChainState from, List<Bytes> blocks, HistoryTree history) throws Exception {
        ChainState reached = from;
        for (Bytes encoded : blocks.subList((int) from.height() + 1, blocks.size())) {
            VerifiedBlock block = fresh.replay(reached, encoded);
            history.append(block.historyLeaf());
            reached = block.after();
        }
        return reached;
    }

    private static void same(ChainState reached, ChainState expected) {
        assertThat(reached.checkpoint()).isEqualTo(expected.checkpoint());
        assertThat(reached.struck()).isEqualTo(expected.struck());
        assertThat(reached.policyTransactions()).isEqualTo(expected.policyTransactions());
        assertThat(reached.memberCount()).isEqualTo(expected.memberCount());
    }

    private void replayedFromAnExport(ModelChain chain) throws Exception {
        Path file = directory.resolve(chain.name + ".chain");
        try (ChainSource source = chain.source()) {
            ExportWriter.write(source, file, () -> {});
        }
        try (ChainSource source = new Place(file.toString(), Optional.empty(), Optional.empty()).open(verifier)) {
            AuditReport report = new Auditor(source, Optional.of(chain.chain), verifier, () -> {}).audit();
            assertThat(report.state().checkpoint()).isEqualTo(chain.state.checkpoint());
        }
    }
}
