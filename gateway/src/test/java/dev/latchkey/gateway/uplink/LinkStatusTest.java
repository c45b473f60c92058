package dev.latchkey.gateway.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.api.Test;

class LinkStatusTest {
    private final LinkStatus link = new LinkStatus(Clock.systemUTC());

    @Test
    void namesAProblemOnlyWhileThereIsOne() {
        link.down("no answer");
        assertThat(link.isUp()).isFalse();
        assertThat(link.lastProblem()).contains("no answer");

        link.up();
        assertThat(link.isUp()).isTrue();
        assertThat(link.lastProblem()).isEmpty();

        link.down("no answer again");
        assertThat(link.isUp()).isFalse();
        assertThat(link.lastProblem()).contains("no answer again");
    }
}
