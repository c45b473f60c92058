package dev.latchkey.cloud.chain;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.odd.FuzzedChoices;
import java.io.IOException;
import java.nio.file.Files;

/** Jazzer against the entries of a chains' log: one store for all inputs of some thousand, then another. */
class ChainEntriesFuzzTest {
    private static final int MAX_ENTRIES = 8;
    private static final int INPUTS_OF_ONE_STORE = 2_000;
    private static OddChains chains;
    private static int inputs;

    private static OddChains chains() throws IOException {
        if (chains == null || inputs++ % INPUTS_OF_ONE_STORE == 0) {
            if (chains != null) {
                chains.restart();
                chains.close();
            }
            chains = new OddChains(Files.createTempDirectory("latchkey-fuzz"));
        }
        return chains;
    }

    @FuzzTest(maxDuration = "60s")
    void noneFails(FuzzedDataProvider data) throws Exception {
        OddChains log = chains();
        if (data.consumeBoolean()) {
            log.play(Bytes.wrap(data.consumeRemainingAsBytes()));
            return;
        }
        for (int i = 0; i < MAX_ENTRIES && data.remainingBytes() > 0; i++) {
            log.next(new FuzzedChoices(data));
        }
    }
}
