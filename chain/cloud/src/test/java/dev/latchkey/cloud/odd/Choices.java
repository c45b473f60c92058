package dev.latchkey.cloud.odd;

import java.util.List;
import java.util.Random;

/** Where a generator gets its decisions from: chance with a seed, or a fuzzer's input. */
public interface Choices {
    /** From 0 to below a bound. */
    int below(int bound);

    byte[] bytes(int size);

    default boolean oneIn(int count) {
        return below(count) == 0;
    }

    default <T> T of(List<T> some) {
        return some.get(below(some.size()));
    }

    static Choices of(Random random) {
        return new Choices() {
            @Override
            public int below(int bound) {
                return random.nextInt(bound);
            }

            @Override
            public byte[] bytes(int size) {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                return bytes;
            }
        };
    }
}
