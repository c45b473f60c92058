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

    @Test
    void noMoreThanItsBoundAreToldOfAndTheOldestGo() {
        try (Jobs jobs = new Jobs(
                Map.of(JobKind.SYNC, new Jobs.Offer("blocks", progress -> "done")), 2, Clock.systemUTC(), id -> {})) {
            long last = 0;
            for (int i = 0; i < 5; i++) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> jobs.all().stream().noneMatch(JobsTest::isRunning));
                last = jobs.start(JobKind.SYNC).orElseThrow().id();
            }
            long newest = last;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !isRunning(jobs.get(newest).orElseThrow()));
            assertThat(jobs.all()).extracting(JobStatus::id).containsExactly(newest, newest - 1);
        }
    }

    private static boolean isRunning(JobStatus job) {
        return job.state() == JobStatus.State.RUNNING;
    }
}
