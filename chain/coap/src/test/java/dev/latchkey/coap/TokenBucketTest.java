package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long MILLI = 1_000_000L;
    /** Near the overflow of nanoTime, which is arbitrary. */
    private static final long START = Long.MAX_VALUE - 100 * MILLI;

    private static int taken(TokenBucket bucket, int tries, long now) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += bucket.tryTake(now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void givesItsBurstAtOnceAndThenItsRate() {
        TokenBucket bucket = new TokenBucket(10, 5, START);
        assertThat(taken(bucket, 100, START)).isEqualTo(6);
        assertThat(taken(bucket, 100, START + 100 * MILLI)).isEqualTo(1);
        assertThat(taken(bucket, 100, START + 199 * MILLI)).isZero();
        assertThat(taken(bucket, 100, START + 500 * MILLI)).isEqualTo(4);
    }

    @Test
    void restDoesNotSaveMoreThanTheBurst() {
        TokenBucket bucket = new TokenBucket(10, 5, START);
        assertThat(taken(bucket, 100, START + 3_600_000 * MILLI)).isEqualTo(6);
    }
}
