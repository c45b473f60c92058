package dev.latchkey.cloud.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.cloud.chain.Bell;
import dev.latchkey.cloud.http.Refusal;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private final Streams streams = new Streams();

    @Test
    void endAfterTwoTurnsWithoutALeaderAndGoOnWithOne() {
        streams.tick(false);
        assertThat(streams.isOpen()).isTrue();
        streams.tick(true);
        streams.tick(false);
        assertThat(streams.isOpen()).isTrue();
        streams.tick(false);
        streams.tick(false);
        assertThat(streams.isOpen()).isFalse();
        assertThatExceptionOfType(Refusal.class).isThrownBy(streams::requireOpen);
        streams.tick(true);
        assertThat(streams.isOpen()).isTrue();
    }

    @Test
    void everyTurnWakesThem() {
        Bell bell = new Bell();
        streams.add(bell);
        CompletableFuture<Void> woken = bell.next();
        streams.tick(true);
        assertThat(woken).isCompleted();
    }

    @Test
    void aNodeThatStopsEndsThemForGood() {
        Bell bell = new Bell();
        streams.add(bell);
        CompletableFuture<Void> woken = bell.next();
        streams.close();
        assertThat(woken).isCompleted();
        streams.tick(true);
        assertThat(streams.isOpen()).isFalse();
    }
}
