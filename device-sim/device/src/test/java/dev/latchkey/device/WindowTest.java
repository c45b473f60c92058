package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window(2, new Lane(Runnable::run));
    private final List<CompletableFuture<Integer>> started = new ArrayList<>();

    private CompletableFuture<Integer> enter() {
        return window.enter(() -> {
            CompletableFuture<Integer> task = new CompletableFuture<>();
            started.add(task);
            return task;
        });
    }

    @Test
    void onlySoManyAreUnderWayAndTheOthersFollowInOrder() {
        List<CompletableFuture<Integer>> outcomes = List.of(enter(), enter(), enter(), enter());
        assertThat(started).hasSize(2);
        started.get(1).complete(1);
        assertThat(started).hasSize(3);
        assertThat(outcomes.get(1)).isCompletedWithValue(1);
        started.get(0).completeExceptionally(new IllegalStateException("on purpose"));
        assertThat(started).hasSize(4);
        assertThat(outcomes.get(0)).isCompletedExceptionally();
    }

    @Test
    void aTaskThatCannotBeginFailsAndGivesItsPlaceFree() {
        for (int i = 0; i < 3; i++) {
            assertThat(window.enter(() -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .isCompletedExceptionally();
        }
        enter();
        assertThat(started).hasSize(1);
    }
}
