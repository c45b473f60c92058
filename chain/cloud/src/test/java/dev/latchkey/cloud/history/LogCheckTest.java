package dev.latchkey.cloud.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.cloud.history.Append.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogCheckTest {
    private static final Append<String> A = append("a", Outcome.ACKNOWLEDGED, 1, 4);
    private static final Append<String> B = append("b", Outcome.ACKNOWLEDGED, 5, 8);

    @Test
    void takesWhatOneLogAnswers() {
        assertThat(faults("ab", List.of(A, B), List.of(read(0, "", 0, 2), read(0, "a", 3, 7), read(1, "b", 6, 9))))
                .isEmpty();
        assertThat(faults("a", List.of(A, append("b", Outcome.UNKNOWN, 5, 8)), List.of(read(0, "a", 9, 10))))
                .isEmpty();
        assertThat(faults("acb", List.of(A, B, append("c", Outcome.UNKNOWN, 1, 2)), List.of(read(0, "a", 5, 6))))
                .isEmpty(); // an append whose outcome is unknown may come late
        assertThat(faults("a", List.of(A, append("b", Outcome.REFUSED, 5, 8)), List.of()))
                .isEmpty();
    }

    @Test
    void seesEveryPlantedViolation() {
        assertOne("a", List.of(A, B), "acknowledged and lost", List.of());
        assertOne("aab", List.of(A, B), "twice in the log", List.of());
        assertOne("abc", List.of(A, B), "nobody appended", List.of());
        assertOne("abc", List.of(A, B, append("c", Outcome.REFUSED, 2, 3)), "refused and there", List.of());
        assertOne("ba", List.of(A, B), "back in time", List.of()); // b began after a had ended
        assertOne("ab", List.of(A, B), "back in time", List.of(read(0, "", 5, 6))); // stale
        assertOne("ab", List.of(A, B), "back in time", List.of(read(0, "ab", 2, 3))); // out of the future
        assertOne("ab", List.of(A, B), "back in time", List.of(read(0, "ab", 5, 6), read(0, "a", 7, 9))); // goes back
        assertOne("ab", List.of(A, B), "not what the log says", List.of(read(0, "b", 5, 6))); // a fork
        assertOne("ab", List.of(A, B), "not what the log says", List.of(read(0, "abc", 9, 10))); // shown and lost
        assertOne("ab", List.of(A, A, B), "two appends of one entry", List.of());
    }

    @Test
    void saysTheSameAsTryingEveryOrder() {
        long seed = Long.getLong("latchkey.seed", 20_261_123);
        Random random = new Random(seed);
        int good = 0;
        int bad = 0;
        for (int i = 0; i < 3_000; i++) {
            Drawn drawn = Drawn.of(random);
            boolean found =
                    LogCheck.faults(drawn.log, drawn.appends, drawn.reads).isEmpty();
            assertThat(found).as("seed %d, history %d: %s", seed, i, drawn).isEqualTo(drawn.hasOrder());
            good += found ? 1 : 0;
            bad += found ? 0 : 1;
        }
        assertThat(Math.min(good, bad)).isGreaterThan(300);
    }

    /** A history of a few operations at random times, about half of them impossible. */
    private record Drawn(List<String> log, List<Append<String>> appends, List<Read<String>> reads) {
        static Drawn of(Random random) {
            int size = random.nextInt(4);
            List<String> log =
                    IntStream.range(0, size).mapToObj(i -> "e" + i).collect(Collectors.toCollection(ArrayList::new));
            List<Append<String>> appends = new ArrayList<>();
            for (int i = 0; i < size + (random.nextInt(8) == 0 ? 1 : 0); i++) {
                long begun = 4L * i + random.nextInt(6) - 3;
                Outcome outcome = random.nextInt(4) == 0 ? Outcome.UNKNOWN : Outcome.ACKNOWLEDGED;
                appends.add(append("e" + i, outcome, begun, begun + 1 + random.nextInt(7)));
            }
            List<Read<String>> reads = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                int length = random.nextInt(size + 1);
                int from = random.nextInt(length + 1);
                long begun = 4L * length + random.nextInt(8) - 5;
                reads.add(new Read<>(from, log.subList(from, length), begun, begun + 1 + random.nextInt(5)));
            }
            if (size > 1 && random.nextInt(10) == 0) {
                Collections.swap(log, 0, 1);
            }
            return new Drawn(log, appends, reads);
        }

        boolean hasOrder() {
            List<Object> all = new ArrayList<>(appends);
            all.addAll(reads);
            return explains(all, new ArrayList<>());
        }

        /** Puts next whatever began before all others ended, and goes on. */
        private boolean explains(List<Object> left, List<String> state) {
            if (state.equals(log) && left.stream().allMatch(one -> isUnknown(one))) {
                return true;
            }
            for (Object one : left) {
                boolean first = left.stream().allMatch(other -> other == one || begun(one) <= ended(other));
                List<Object> rest = left.stream().filter(other -> other != one).toList();
                List<String> after = new ArrayList<>(state);
                if (one instanceof Append<?> append) {
                    after.add((String) append.entry());
                }
                if (first && (!(one instanceof Read<?> read) || isTrue(read, state)) && explains(rest, after)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isTrue(Read<?> read, List<String> state) {
            return state.size() == read.length()
                    && state.subList((int) read.from(), state.size()).equals(read.entries());
        }

        private static boolean isUnknown(Object one) {
            return one instanceof Append<?> append && append.outcome() == Outcome.UNKNOWN;
        }

        private static long begun(Object one) {
            return one instanceof Append<?> append ? append.begun() : ((Read<?>) one).begun();
        }

        private static long ended(Object one) {
            return one instanceof Append<?> append ? append.latest() : ((Read<?>) one).ended();
        }
    }

    private static Append<String> append(String entry, Outcome outcome, long begun, long ended) {
        return new Append<>(entry, outcome, begun, ended);
    }

    private static Read<String> read(long from, String entries, long begun, long ended) {
        return new Read<>(from, letters(entries), begun, ended);
    }

    private static List<String> letters(String text) {
        return text.chars().mapToObj(letter -> "" + (char) letter).toList();
    }

    private static List<String> faults(String log, List<Append<String>> appends, List<Read<String>> reads) {
        return LogCheck.faults(letters(log), appends, reads);
    }

    private static void assertOne(String log, List<Append<String>> appends, String fault, List<Read<String>> reads) {
        assertThat(faults(log, appends, reads))
                .anySatisfy(found -> assertThat(found).startsWith(fault));
    }
}
