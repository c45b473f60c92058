package dev.latchkey.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobsTest {
    @Test
    void oneThatDiesOfAnErrorHasFailedAndTheNextMayStart() {
        JobWork work = progress -> {
            throw new NoClassDefFoundError("some/Library");
        };
        try (Jobs jobs =
                new Jobs(Map.of(JobKind.SYNC, new Jobs.Offer("blocks", work)), 5, Clock.systemUTC(), id -> {})) {
            long id = jobs.start(JobKind.SYNC).orElseThrow().id();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> jobs.get(id).orElseThrow().state() == JobStatus.State.FAILED);
            assertThat(jobs.get(id).orElseThrow().error().orElseThrow()).contains("some/Library");
            assertThat(jobs.start(JobKind.SYNC)).isPresent();
        }
    }
}
