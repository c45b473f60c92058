package dev.latchkey.cloud.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadingHeaderTest {
    private static final Digest SESSION = Digest.of(Bytes.fromHex("aabbccdd" + "00".repeat(28)));

    /** {@code [h'', {4: h'aabbccdd', 6: h'0102'}, h'99']}. */
    private static final Bytes READING = Bytes.fromHex("8340a20444aabbccdd064201024199");

    @Test
    void readsTheCounter() {
        assertThat(ReadingHeader.counter(READING, SESSION)).contains(Bytes.fromHex("0102"));
    }

    @Test
    void refusesWhatIsNotAReadingOfTheSession() {
        assertThat(ReadingHeader.counter(READING, Digest.ZERO)).isEmpty();
        for (String other : new String[] {
            "",
            "40",
            "83",
            "8340a04199",
            "8340a10444aabbccdd4199",
            "834101a20444aabbccdd064201024199",
            "8340a20444aabbccdd06404199",
            "8340a20444aabbccdd0643010203" + "4199",
            "8340a20444aabbccdd0642010280",
            "8340a30444aabbccdd0641010740" + "4199",
            "8340a20444aabbccdd06420102419900"
        }) {
            assertThat(ReadingHeader.counter(Bytes.fromHex(other), SESSION))
                    .as(other)
                    .isEmpty();
        }
        for (int size = 0; size < READING.size(); size++) {
            assertThat(ReadingHeader.counter(READING.slice(0, size), SESSION)).isEmpty();
        }
    }

    @Test
    void hostileBytesNeverDoMoreThanBeRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = READING.toArray();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(ReadingHeader.counter(Bytes.wrap(bytes), SESSION)
                            .map(Bytes::size)
                            .orElse(1))
                    .as("seed %d", seed)
                    .isBetween(1, 2);
        }
    }
}
