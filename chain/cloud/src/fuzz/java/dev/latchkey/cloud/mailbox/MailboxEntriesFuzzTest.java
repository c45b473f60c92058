package dev.latchkey.cloud.mailbox;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.odd.FuzzedChoices;
import java.io.IOException;
import java.nio.file.Files;

/** Jazzer against the entries of a mailboxes' log: one store for all inputs of some thousand, then another. */
class MailboxEntriesFuzzTest {
    private static final int MAX_ENTRIES = 8;
    private static final int INPUTS_OF_ONE_STORE = 5_000;
    private static OddEntries entries;
    private static int inputs;

    private static OddEntries entries() throws IOException {
        if (entries == null || inputs++ % INPUTS_OF_ONE_STORE == 0) {
            if (entries != null) {
                entries.close();
            }
            entries = new OddEntries(Files.createTempDirectory("latchkey-fuzz"));
        }
        return entries;
    }

    @FuzzTest(maxDuration = "60s")
    void noneFails(FuzzedDataProvider data) throws Exception {
        OddEntries log = entries();
        if (data.consumeBoolean()) {
            log.play(Bytes.wrap(data.consumeRemainingAsBytes()));
            return;
        }
        for (int i = 0; i < MAX_ENTRIES && data.remainingBytes() > 0; i++) {
            log.next(new FuzzedChoices(data));
        }
    }
}
