package dev.latchkey.gateway.hostile;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Jazzer against every handler of both endpoints: its input decides who asks, what, and how the request is broken. A handler
 * that fails, a thread of the protocol that fails, and an answer that does not come are findings.
 */
class HandlersFuzzTest {
    private static final int MAX_REQUESTS = 8;
    private static final int REPORT_EVERY = 10_000;
    private static final AtomicLong SENT = new AtomicLong();
    private static OddCrowd crowd;

    /** One gateway for all inputs: what an earlier request left behind is part of what a later one meets. */
    private static synchronized OddCrowd crowd() throws Exception {
        if (crowd == null) {
            BugDetectors.allowNetworkConnections();
            Path directory = Files.createTempDirectory("latchkey-fuzz");
            crowd = new OddCrowd(directory);
        }
        return crowd;
    }

    @FuzzTest(maxDuration = "60s")
    void noHandlerFails(FuzzedDataProvider data) throws Exception {
        Choices choices = new Choices() {
            @Override
            public int below(int bound) {
                return data.consumeInt(0, bound - 1);
            }

            @Override
            public byte[] bytes(int size) {
                byte[] given = data.consumeBytes(size);
                return given.length == size ? given : Arrays.copyOf(given, size);
            }
        };
        OddCrowd all = crowd();
        OddPeer peer = all.peers.get(choices.below(all.peers.size()));
        for (int i = 0; i < MAX_REQUESTS && data.remainingBytes() > 0; i++) {
            peer.send(choices);
            if (SENT.incrementAndGet() % REPORT_EVERY == 0) {
                System.err.println("requests: " + SENT.get());
            }
        }
        peer.await();
        all.settle();
        if (!all.failures().isEmpty()) {
            throw new AssertionError(all.failures().toString());
        }
    }
}
