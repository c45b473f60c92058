package dev.latchkey.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A device takes part in a session of another's once, or a nonce would repeat. */
class TakenPartTest {
    private static final Instant BEGAN = Instant.ofEpochSecond(1_795_305_600L);
    private static final Digest ONE = Digest.sha256(Bytes.utf8("one"));
    private static final Digest TWO = Digest.sha256(Bytes.utf8("two"));

    @Test
    void aSessionIsTakenOnceAndNoOlderOneAfterIt() {
        TakenPart after = TakenPart.NEVER.with(ONE, BEGAN).orElseThrow();
        assertThat(after.with(ONE, BEGAN)).isEmpty();
        assertThat(after.with(TWO, BEGAN.minusMillis(1))).isEmpty();
        TakenPart both = after.with(TWO, BEGAN).orElseThrow();
        assertThat(both.with(ONE, BEGAN)).isEmpty();
        assertThat(both.with(ONE, BEGAN.plusMillis(1))).isPresent();
        assertThat(TakenPart.decode(both.encode())).contains(both);
    }

    @Test
    void whenItIsNotKnownNothingThatMayHaveBegunIsTaken() {
        TakenPart unknown = TakenPart.until(BEGAN);
        assertThat(unknown.with(ONE, BEGAN)).isEmpty();
        assertThat(unknown.with(ONE, BEGAN.plusMillis(1))).isPresent();
    }

    @Test
    void thereIsABoundAndDamageIsNothing() {
        TakenPart full = TakenPart.NEVER;
        for (int i = 0; i < 32; i++) {
            full = full.with(Digest.sha256(Bytes.utf8("session " + i)), BEGAN).orElseThrow();
        }
        assertThat(full.with(ONE, BEGAN)).isEmpty();
        assertThat(TakenPart.decode(full.encode())).contains(full);
        assertThat(TakenPart.decode(Bytes.utf8("damaged"))).isEmpty();
    }
}
