package dev.latchkey.cloud.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.odd.Choices;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an entry of the log holds that can be read, apply carries it out, and a restart comes to the same. */
class OddChainsTest {
    private static final int ROUNDS = Integer.getInteger("latchkey.hostile.entries", 600);

    @Test
    void noneFailsAndAllCanBeReadAgain(@TempDir Path directory) throws Exception {
        Choices choices = Choices.of(new Random(20_261_123));
        try (OddChains chains = new OddChains(directory)) {
            for (int round = 0; round < ROUNDS; round++) {
                chains.next(choices);
            }
            assertThat(chains.taken()).isBetween(ROUNDS / 20, ROUNDS - ROUNDS / 20);
            Digest before = chains.root();
            chains.restart();
            assertThat(chains.root()).isEqualTo(before);
        }
    }
}
