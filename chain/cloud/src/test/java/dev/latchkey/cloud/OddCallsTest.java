package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cloud.odd.Choices;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are almost right, of everybody to every route: an answer to each, and none is a fault. */
class OddCallsTest {
    private static final int ROUNDS = Integer.getInteger("latchkey.hostile.calls", 250);

    @Test
    void eachIsAnsweredWithADocumentedProblemOrServed(@TempDir Path directory) throws Exception {
        Choices choices = Choices.of(new Random(Long.getLong("latchkey.seed", 20_261_123)));
        try (OddCrowd crowd = new OddCrowd(directory)) {
            for (int round = 0; round < ROUNDS; round++) {
                crowd.next(choices);
            }
            assertThat(crowd.isWell()).isTrue();
            assertThat(crowd.answers())
                    .containsKeys("200", "400 malformed", "403 forbidden", "404 not-found", "405 method-not-allowed");
        }
    }
}
