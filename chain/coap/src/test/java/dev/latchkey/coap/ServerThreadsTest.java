package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerThreadsTest {
    private static final long LONGEST_SECONDS = 20;

    @Test
    void whatAJobLeavesIsDoneByItsThreadInItsOrder() throws Exception {
        ServerThreads threads = new ServerThreads(4, "test#");
        try {
            List<String> done = new CopyOnWriteArrayList<>();
            CountDownLatch all = new CountDownLatch(1);
            threads.execute(() -> {
                String mine = Thread.currentThread().getName();
                for (int i = 0; i < 3; i++) {
                    int number = i;
                    threads.execute(() ->
                            done.add(number + (Thread.currentThread().getName().equals(mine) ? "" : " elsewhere")));
                }
                threads.execute(all::countDown);
                done.add("first");
            });
            assertThat(all.await(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(done).containsExactly("first", "0", "1", "2");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aJobThatAlwaysLeavesAnotherKeepsNobodyOut() throws Exception {
        ServerThreads threads = new ServerThreads(2, "test#");
        try {
            Runnable[] endless = new Runnable[1];
            endless[0] = () -> threads.execute(endless[0]);
            threads.execute(endless[0]);
            assertThat(threads.submit(() -> 7).get(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(7);
            endless[0] = () -> {};
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aJobThatFailsEndsNoThread() throws Exception {
        ServerThreads threads = new ServerThreads(2, "test#");
        try {
            threads.execute(() -> {
                throw new IllegalStateException("broken");
            });
            assertThat(threads.submit(() -> 7).get(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(7);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatWasTakenBeforeAShutdownIsDoneAndNothingAfterIt() throws Exception {
        ServerThreads threads = new ServerThreads(5, "test#");
        AtomicInteger done = new AtomicInteger();
        CountDownLatch begin = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            threads.execute(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                threads.execute(done::incrementAndGet);
            });
        }
        threads.shutdown();
        assertThatThrownBy(() -> threads.execute(done::incrementAndGet)).isInstanceOf(RejectedExecutionException.class);
        assertThat(threads.isTerminated()).isFalse();
        begin.countDown();
        assertThat(threads.awaitTermination(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.isTerminated()).isTrue();
        assertThat(done).hasValue(1_000);
    }

    @Test
    void aShutdownAtOnceGivesBackWhatWaits() throws Exception {
        ServerThreads threads = new ServerThreads(2, "test#");
        CountDownLatch begun = new CountDownLatch(1);
        threads.execute(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(begun.await(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        threads.execute(() -> {});
        threads.schedule(() -> {}, 1, TimeUnit.HOURS);
        assertThat(threads.shutdownNow()).hasSize(2);
        assertThat(threads.awaitTermination(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
