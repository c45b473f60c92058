package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void tasksRunOneAfterTheOtherInTheirOrder() throws Exception {
        Lane lane = new Lane(threads);
        List<Integer> order = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            last = CompletableFuture.runAsync(
                    () -> {
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        order.add(number);
                        inside.decrementAndGet();
                    },
                    lane);
        }
        last.get(10, TimeUnit.SECONDS);
        assertThat(order).hasSize(1_000).isSorted();
    }

    @Test
    void aTaskThatFailsDoesNotStopTheLane() throws Exception {
        Lane lane = new Lane(task -> threads.execute(() -> {
            try {
                task.run();
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("on purpose");
            }
        }));
        lane.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        assertThat(CompletableFuture.supplyAsync(() -> 7, lane).get(10, TimeUnit.SECONDS))
                .isEqualTo(7);
    }

    @Test
    void whatWasTakenBeforeTheThreadsEndIsRunAndNothingAfter() throws Exception {
        Lane lane = new Lane(threads);
        CountDownLatch ended = new CountDownLatch(1);
        lane.execute(() -> {
            try {
                ended.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> 7, lane);
        threads.shutdown();
        ended.countDown();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(7);
        await().untilAsserted(() ->
                assertThatThrownBy(() -> lane.execute(() -> {})).isInstanceOf(RejectedExecutionException.class));
    }
}
