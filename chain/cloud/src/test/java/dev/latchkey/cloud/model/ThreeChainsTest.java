package dev.latchkey.cloud.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.audit.AuditReport;
import dev.latchkey.cloud.audit.Auditor;
import dev.latchkey.cloud.export.ChainSource;
import dev.latchkey.cloud.export.ExportWriter;
import dev.latchkey.cloud.export.Place;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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

    @Test
    void everyStepGoesAsTheModelSaysAndIsReplayedToTheSameBytes() throws Exception {
        walk(SEED, 600);
    }

    @Test
    @Tag("long")
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
        }
    }

    private void replayedFromItsBytes(ModelChain chain) throws Exception {
        BlockVerifier fresh = new BlockVerifier(verifier, Runnable::run);
        ChainState reached =
                fresh.replayGenesis(chain.chain, chain.blocks.get(0)).after();
        for (Bytes block : chain.blocks.subList(1, chain.blocks.size())) {
            reached = fresh.replay(reached, block).after();
        }
        assertThat(reached.checkpoint()).isEqualTo(chain.state.checkpoint());
        assertThat(reached.struck()).isEqualTo(chain.state.struck());
        assertThat(reached.policyTransactions()).isEqualTo(chain.state.policyTransactions());
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
