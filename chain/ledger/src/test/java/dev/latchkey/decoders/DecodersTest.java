package dev.latchkey.decoders;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.latchkey.bytes.Bytes;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every decoder of the ledger against every cut, every flipped bit, and 100,000 mutations: it refuses by its one exception, or
 * understands exactly the bytes, and never takes more memory than the input pays for.
 */
@Timeout(60)
class DecodersTest {
    private static final long SEED = 20_261_122;
    private static final int MUTATIONS = 100_000;
    private static final long ALLOCATED_AT_LEAST = 1 << 19;
    /** Trees and maps begin with room for some thousand rows. */
    private static final long ALLOCATED_FOR_A_STATE = 1 << 22;

    private static final String STATE = "stored state";
    private static final long ALLOCATED_PER_BYTE = 512;

    private static final List<Decoder> ALL = all();
    private static final Bytes GENESIS = ALL.stream()
            .filter(decoder -> decoder.name().equals("genesis"))
            .findFirst()
            .orElseThrow()
            .sample();
    private static final Mutator MUTATOR =
            new Mutator(SEED, ALL.stream().map(Decoder::sample).toList());
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static List<Decoder> all() {
        try {
            Specimens world = new Specimens();
            List<Decoder> all = new ArrayList<>(LedgerDecoders.of(world));
            all.addAll(TransactionDecoders.of(world));
            all.addAll(ProofDecoders.of(world));
            all.addAll(ProtocolDecoders.of(world));
            return all;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Decoder> decoders() {
        return ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void takesItsSample(Decoder decoder) {
        assertThat(takes(decoder, decoder.sample())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void refusesTruncationAtEveryByte(Decoder decoder) {
        boolean row = isRow(decoder);
        for (int length = 0; length < decoder.sample().size(); length++) {
            boolean taken = takes(decoder, decoder.sample().slice(0, length));
            assertThat(taken && !row).as("length %d", length).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void everyFlippedBitIsRefusedOrMeansExactlyThat(Decoder decoder) {
        int genesisAt =
                decoder.name().equals("genesis") ? -1 : decoder.sample().toHex().indexOf(GENESIS.toHex()) / 2;
        apart(() -> {
            for (int bit = 0; bit < decoder.sample().size() * Byte.SIZE; bit++) {
                int at = bit / Byte.SIZE;
                boolean elsewhere = genesisAt > 0 && at >= genesisAt && at < genesisAt + GENESIS.size();
                if ((elsewhere || decoder.name().equals(STATE)) && bit % (Byte.SIZE + 1) != 0) {
                    continue; // Every bit of genesis is flipped in its own sample; over a state is a digest.
                }
                byte[] flipped = decoder.sample().toArray();
                flipped[at] ^= (byte) (1 << bit % Byte.SIZE);
                takes(decoder, Bytes.wrap(flipped));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aMutationIsRefusedOrMeansExactlyItsBytes(Decoder decoder) {
        apart(() -> {
            for (int i = 0; i <= MUTATIONS / ALL.size(); i++) {
                takes(decoder, MUTATOR.mutate(decoder.sample()));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void refusesTrailingBytesAndTheSamplesOfOthers(Decoder decoder) {
        if (!isRow(decoder)) {
            for (String tail : List.of("00", "f6", "40", "80")) {
                assertThat(takes(decoder, Bytes.concat(decoder.sample(), Bytes.fromHex(tail))))
                        .isFalse();
            }
        }
        ALL.forEach(other -> takes(decoder, other.sample()));
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aFewBytesThatClaimMuchCostLittle(Decoder decoder) {
        for (String major : List.of("5", "7", "9", "b", "d")) {
            for (String length : List.of("affffffff", "a7fffffff", "b7fffffffffffffff", "bffffffffffffffff", "f")) {
                Bytes bomb = Bytes.fromHex(major + length);
                for (Bytes input :
                        List.of(bomb, Bytes.concat(Bytes.fromHex("84"), bomb), Bytes.concat(bomb, decoder.sample()))) {
                    assertThat(takes(decoder, input)).isFalse();
                }
            }
        }
        for (String nest : List.of("81", "c4", "a1", "9f", "d8", "82")) {
            byte[] deep = new byte[20_000];
            Arrays.fill(deep, (byte) Integer.parseInt(nest, 16));
            assertThat(takes(decoder, Bytes.wrap(deep))).isFalse();
        }
        byte[] many = new byte[70_003];
        many[0] = (byte) 0x9a;
        many[2] = 1;
        many[3] = 0x11;
        many[4] = 0x6e;
        assertThat(takes(decoder, Bytes.wrap(many))).isFalse();
    }

    @Test
    void aMutationIsTheSameInEveryRun() {
        List<Bytes> samples = ALL.stream().map(Decoder::sample).toList();
        Mutator one = new Mutator(7, samples);
        Mutator other = new Mutator(7, samples);
        for (Bytes sample : samples) {
            assertThat(one.mutate(sample)).isEqualTo(other.mutate(sample));
        }
        assertThat(new Specimens().evidence.encode()).isEqualTo(new Specimens().evidence.encode());
    }

    /** On a thread with few frames: nearly every input ends in an exception, which notes all frames that it sees. */
    private static void apart(Runnable work) {
        try {
            CompletableFuture.runAsync(work).join();
        } catch (CompletionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    /** A row of things, of which fewer or more may be good as well. */
    private static boolean isRow(Decoder decoder) {
        return decoder.name().contains("sequence")
                || decoder.name().startsWith("policy chain")
                || decoder.name().equals(STATE);
    }

    private static boolean takes(Decoder decoder, Bytes input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        boolean taken = decoder.takes(input);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        long least = decoder.name().equals(STATE) ? ALLOCATED_FOR_A_STATE : ALLOCATED_AT_LEAST;
        if (allocated > least + ALLOCATED_PER_BYTE * input.size()) {
            throw new AssertionError(decoder + " takes " + allocated + " bytes for " + input.toHex());
        }
        return taken;
    }
}
