package dev.latchkey.cloud;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.latchkey.cloud.odd.FuzzedChoices;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Jazzer against every route of the API over TLS: its input decides who asks, what, and how it is broken. A fault of the
 * node, a refusal that no document knows, and an answer that does not come are findings.
 */
class CallsFuzzTest {
    private static final int MAX_CALLS = 8;
    private static final int REPORT_EVERY = 10_000;
    private static final AtomicLong SENT = new AtomicLong();
    private static OddCrowd crowd;

    /** One node for all inputs: what an earlier call left behind is part of what a later one meets. */
    private static synchronized OddCrowd crowd() throws Exception {
        if (crowd == null) {
            BugDetectors.allowNetworkConnections();
            crowd = new OddCrowd(Files.createTempDirectory("latchkey-fuzz"));
        }
        return crowd;
    }

    @FuzzTest(maxDuration = "60s")
    void eachIsAnswered(FuzzedDataProvider data) throws Exception {
        OddCrowd all = crowd();
        for (int i = 0; i < MAX_CALLS && data.remainingBytes() > 0; i++) {
            all.next(new FuzzedChoices(data));
            if (SENT.incrementAndGet() % REPORT_EVERY == 0) {
                System.err.println("calls: " + SENT.get());
            }
        }
    }
}
