package dev.latchkey.senml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackPropertiesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L, 987_654_321);
    private static final Instant LATER = NOW.plusSeconds(86_400);
    private static final int PACKS = 1_000;
    private static final int MUTATIONS = 20_000;

    /** Of the mutations that are packs every fifth is written again too: that costs more than the reading. */
    private static final int WRITTEN = 5;

    private final long seed = System.nanoTime();

    @Test
    void aPackSaysTheSameInBothRepresentations() throws Exception {
        RandomPacks packs = new RandomPacks(seed);
        for (int i = 0; i < PACKS; i++) {
            Pack pack = packs.next();
            Pack throughBoth = Pack.fromJson(Pack.fromCbor(pack.toCbor()).toJson());
            assertThat(throughBoth).as("seed %d, pack %d", seed, i).isEqualTo(pack);
            assertThat(throughBoth.toCbor()).as("seed %d, pack %d", seed, i).isEqualTo(pack.toCbor());
        }
    }

    @Test
    void resolvingWhatIsResolvedChangesNothing() {
        RandomPacks packs = new RandomPacks(seed);
        int resolvable = 0;
        for (int i = 0; i < PACKS; i++) {
            Pack pack = packs.next();
            try {
                Pack resolved = pack.resolved(NOW);
                resolvable++;
                assertThat(resolved.resolve(LATER))
                        .as("seed %d, pack %d", seed, i)
                        .isEqualTo(pack.resolve(NOW))
                        .isSortedAccordingTo((one, other) -> one.time().compareTo(other.time()));
                assertThat(resolved.resolved(LATER))
                        .as("seed %d, pack %d", seed, i)
                        .isEqualTo(resolved);
                assertThat(Pack.fromJson(resolved.toJson())).isEqualTo(Pack.fromCbor(resolved.toCbor()));
            } catch (MalformedPackException tooManyDigits) {
                assertThat(tooManyDigits).as("seed %d, pack %d", seed, i).hasMessage("a number with too many digits");
            }
        }
        assertThat(resolvable).as("seed %d", seed).isGreaterThan(PACKS / 2);
    }

    @Test
    void theLongestPackInCborHasRoomInJson() throws Exception {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < Pack.MAX_RECORDS; i++) {
            // Three bytes of half precision each, and twenty digits: the worst that a number can do.
            records.add(Record.of("x", Value.of(0x1.fp-20)).with(Label.SUM, Value.of(0x1.fp-20)));
        }
        Pack numbers = new Pack(records);
        assertThat(Pack.fromJson(numbers.toJson())).isEqualTo(numbers);
        Pack controls = new Pack(List.of(Record.of("x", Value.of("\u0001".repeat(Pack.MAX_BYTES - 10)))));
        assertThat(controls.toCbor().size()).isBetween(Pack.MAX_BYTES - 5, Pack.MAX_BYTES);
        assertThat(Pack.fromJson(controls.toJson())).isEqualTo(controls);
    }

    @Test
    void mutatedCborIsRefusedOrReadButNeverFails() {
        Random random = new Random(seed);
        List<Bytes> samples = samples(Pack::toCbor);
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Bytes mutated = mutated(random, samples);
            read += survives(() -> Pack.fromCbor(mutated), i) ? 1 : 0;
        }
        assertThat(read).as("seed %d", seed).isBetween(MUTATIONS / 100, MUTATIONS);
    }

    @Test
    void mutatedJsonIsRefusedOrReadButNeverFails() {
        Random random = new Random(seed);
        List<Bytes> samples = samples(Pack::toJson);
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Bytes mutated = mutated(random, samples);
            read += survives(() -> Pack.fromJson(mutated), i) ? 1 : 0;
        }
        assertThat(read).as("seed %d", seed).isBetween(MUTATIONS / 100, MUTATIONS);
    }

    /** How a pack comes to be. */
    private interface Reading {
        Pack pack() throws MalformedPackException;
    }

    /** What is read can be written, and what resolves can be written too, within the limits of length. */
    private boolean survives(Reading reading, int number) {
        try {
            Pack pack = reading.pack();
            if (number % WRITTEN == 0) {
                assertThat(Pack.fromCbor(pack.toCbor()))
                        .as("seed %d, number %d", seed, number)
                        .isEqualTo(pack);
                assertThat(Pack.fromJson(pack.toJson()))
                        .as("seed %d, number %d", seed, number)
                        .isEqualTo(pack);
            }
            Pack resolved = pack.resolved(NOW);
            assertThat(resolved.resolved(LATER))
                    .as("seed %d, number %d", seed, number)
                    .isEqualTo(resolved);
            return true;
        } catch (MalformedPackException expected) {
            assertThat(expected).hasMessageNotContaining("null");
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ", number " + number, e);
        }
    }

    private List<Bytes> samples(Function<Pack, Bytes> encoding) {
        RandomPacks packs = new RandomPacks(seed);
        return Stream.generate(packs::next).map(encoding).limit(200).toList();
    }

    /** One to three changes of a bit, a byte, a piece of another pack, a cut or a repetition. */
    private static Bytes mutated(Random random, List<Bytes> samples) {
        byte[] bytes = samples.get(random.nextInt(samples.size())).toArray();
        Bytes other = samples.get(random.nextInt(samples.size()));
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = joined(Arrays.copyOf(bytes, at), other.toArray(), random.nextInt(other.size()));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                default -> bytes = joined(Arrays.copyOf(bytes, at), bytes, random.nextInt(at + 1));
            }
        }
        return Bytes.wrap(bytes);
    }

    private static byte[] joined(byte[] head, byte[] other, int from) {
        byte[] joined = Arrays.copyOf(head, Math.min(Pack.MAX_BYTES, head.length + other.length - from));
        System.arraycopy(other, from, joined, head.length, joined.length - head.length);
        return joined;
    }

    @Test
    void numbersOfAllSizesComeBackExactly() throws Exception {
        RandomPacks packs = new RandomPacks(seed);
        for (int i = 0; i < PACKS; i++) {
            BigDecimal number = packs.number();
            Pack pack = new Pack(List.of(Record.of("x", Value.of(number))));
            BigDecimal back = Pack.fromJson(Pack.fromCbor(pack.toCbor()).toJson())
                    .records()
                    .get(0)
                    .number(Label.VALUE)
                    .orElseThrow();
            assertThat(back).as("seed %d", seed).isEqualByComparingTo(number);
            assertThat(Double.doubleToLongBits(back.doubleValue()))
                    .as("seed %d, as a double", seed)
                    .isEqualTo(Double.doubleToLongBits(number.doubleValue()));
        }
    }
}
