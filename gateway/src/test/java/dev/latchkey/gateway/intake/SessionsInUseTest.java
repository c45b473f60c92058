package dev.latchkey.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyId;
import dev.latchkey.gateway.intake.SessionsInUse.Use;
import dev.latchkey.transaction.ChainId;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsInUseTest {
    private static final int WINDOW = SessionsInUse.WINDOW;
    private static final int STORED = 500;

    private static Use use(int highest) {
        Party author = new Party(
                new ChainId(Digest.ZERO), "d-one", Bytes.EMPTY, new KeyId(Bytes.wrap(new byte[KeyId.SIZE])), false);
        Session session = new Session(Digest.ZERO, 1, 1, author, List.of());
        return new Use(new Passage(session, Bytes.EMPTY, List.of(), List.of()), highest);
    }

    @Test
    void oneThatWasOvertakenNeedsNoLookAtTheDisk() {
        Use use = use(-1);
        use.take(10);

        assertThat(use.mayBeSeen(9)).isFalse();
        assertThat(use.mayBeSeen(10)).isTrue();
        assertThat(use.mayBeSeen(11)).isFalse();
        use.take(9);
        assertThat(use.mayBeSeen(9)).isTrue();
    }

    @Test
    void whatWasStoredBeforeIsLookedUp() {
        Use use = use(STORED);
        use.take(STORED + 2);

        assertThat(use.mayBeSeen(STORED)).isTrue();
        assertThat(use.mayBeSeen(0)).isTrue();
        assertThat(use.mayBeSeen(STORED + 1)).isFalse();
    }

    @Test
    void whatIsFarBehindIsLookedUp() {
        Use use = use(-1);
        use.take(WINDOW + 5);

        assertThat(use.mayBeSeen(5)).isTrue();
        assertThat(use.mayBeSeen(6)).isFalse();
    }

    @Test
    void neverSaysNoOfOneThatWasTaken() {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            int stored = random.nextInt(3_000) - 1;
            Use use = use(stored);
            Set<Integer> taken = new HashSet<>();
            int around = stored + 1;
            for (int i = 0; i < 3_000; i++) {
                around = Math.min(65_535, around + random.nextInt(random.nextInt(100) == 0 ? 3 * WINDOW : 8));
                int iv = Math.max(0, around - random.nextInt(2 * WINDOW));
                assertThat(use.mayBeSeen(iv) || iv > stored && !taken.contains(iv))
                        .as("%d after %d, taken %s", iv, stored, taken.contains(iv))
                        .isTrue();
                use.take(iv);
                taken.add(iv);
            }
        }
    }
}
