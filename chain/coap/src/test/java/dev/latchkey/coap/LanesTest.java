package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final Lanes lanes = new Lanes();
    private final List<String> started = new ArrayList<>();

    private void enter(String lane, String name) {
        lanes.enter(lane, () -> started.add(name));
    }

    @Test
    void oneStartsAtATimeInTheOrderTheyCame() {
        enter("a", "1");
        enter("a", "2");
        enter("a", "3");
        assertThat(started).containsExactly("1");
        lanes.leave("a");
        assertThat(started).containsExactly("1", "2");
        lanes.leave("a");
        lanes.leave("a");
        enter("a", "4");
        assertThat(started).containsExactly("1", "2", "3", "4");
    }

    @Test
    void manyThatHaveNothingToDoAnyMoreAreSkipped() {
        enter("a", "1");
        for (int i = 0; i < 100_000; i++) {
            lanes.enter("a", () -> false);
        }
        enter("a", "2");
        lanes.leave("a");
        assertThat(started).containsExactly("1", "2");
    }

    @Test
    void lanesDoNotWaitForEachOther() {
        enter("a", "1");
        enter("b", "2");
        assertThat(started).containsExactly("1", "2");
    }
}
