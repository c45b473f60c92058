package dev.latchkey.sim.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class GateTest {
    @Test
    void letsSoManyThroughAndTheOthersInOrder() {
        Gate gate = new Gate(2);
        assertThat(gate.enter()).isCompleted();
        assertThat(gate.enter()).isCompleted();
        CompletableFuture<Void> third = gate.enter();
        CompletableFuture<Void> fourth = gate.enter();
        assertThat(third).isNotDone();
        gate.leave();
        assertThat(third).isCompleted();
        assertThat(fourth).isNotDone();
        gate.leave();
        assertThat(fourth).isCompleted();
    }

    @Test
    void aHundredThousandMayLeaveAsTheyAreLetIn() {
        Gate gate = new Gate(1);
        gate.enter().join();
        AtomicInteger through = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            gate.enter().thenRun(() -> {
                through.incrementAndGet();
                gate.leave();
            });
        }
        gate.leave();
        assertThat(through).hasValue(100_000);
        assertThat(gate.enter()).isCompleted();
    }
}
