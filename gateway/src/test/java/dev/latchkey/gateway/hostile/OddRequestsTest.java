package dev.latchkey.gateway.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Requests that are almost right, of everybody to everything, below the DTLS layer: none makes a handler fail. */
@Isolated("looks at what the whole process logs")
class OddRequestsTest {
    private static final long SEED = 20_261_122;
    private static final int REQUESTS = 20_000;
    private static final int AT_ONCE = 100;

    @TempDir
    Path directory;

    @Test
    void noneFailsOrHangsAndNothingOfARefusedOneIsStored() throws Exception {
        Choices choices = Choices.of(new Random(SEED));
        Map<String, Integer> codes = new TreeMap<>();
        try (OddCrowd crowd = new OddCrowd(directory)) {
            for (int sent = 0; sent < REQUESTS; sent += AT_ONCE) {
                OddPeer peer = crowd.peers.get(choices.below(crowd.peers.size()));
                long before = crowd.written();
                for (int i = 0; i < AT_ONCE; i++) {
                    peer.send(choices);
                }
                List<Integer> first = peer.await();
                crowd.settle();
                List<Integer> rest = peer.await();
                first.forEach(code -> codes.merge(text(code), 1, Integer::sum));
                rest.forEach(code -> codes.merge(text(code), 1, Integer::sum));
                if (first.stream().noneMatch(OddRequestsTest::isChange)
                        && rest.stream().noneMatch(OddRequestsTest::isChange)) {
                    assertThat(crowd.written())
                            .as("written for refused requests")
                            .isEqualTo(before);
                }
            }
            assertThat(crowd.failures()).isEmpty();
        }
        System.out.println("odd requests: " + codes);
        // Some got as far as their handlers, and were refused there.
        assertThat(codes).containsKeys("2.05", "4.00", "4.03", "4.04", "4.05", "4.15");
        assertThat(codes.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(REQUESTS / 2);
    }

    /** 2.01, 2.02 or 2.04. */
    private static boolean isChange(int code) {
        return code == 0x41 || code == 0x42 || code == 0x44;
    }

    private static String text(int code) {
        return (code >> 5) + "." + (code & 0x1f) / 10 + (code & 0x1f) % 10;
    }
}
