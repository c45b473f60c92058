package dev.latchkey.sim.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlanTest {
    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "d-" + i).toList();
    }

    private static List<Integer> numbers(Plan plan, String sender, int below) {
        List<Integer> numbers = new ArrayList<>();
        PrimitiveIterator.OfInt all = plan.numbersOf(sender);
        for (int number = all.nextInt(); number < below; number = all.nextInt()) {
            numbers.add(number);
        }
        return numbers;
    }

    @Test
    void everyReadingHasOneSenderHoweverManyMembersAndRows() {
        for (int members : new int[] {2, 3, 17, 20, 150}) {
            for (int rows : new int[] {1, 2, 20, 100}) {
                Plan plan = Plan.of(names(members), rows, 7);
                TreeMap<Integer, String> senders = new TreeMap<>();
                for (String name : names(members)) {
                    for (int number : numbers(plan, name, 1_000)) {
                        assertThat(senders.put(number, name)).isNull();
                        assertThat(plan.senderOf(number)).isEqualTo(name);
                    }
                }
                assertThat(senders).hasSize(1_000);
            }
        }
    }

    @Test
    void allSendAlikeAlsoWhenThereAreMoreMembersThanRows() {
        Plan plan = Plan.of(names(25), 10, 7);
        for (String name : names(25)) {
            assertThat(numbers(plan, name, 250)).hasSize(10);
        }
    }

    @Test
    void theFleetSharesThePass() {
        Plan plan = Plan.of(names(20), 1_461, 7);
        for (String name : names(20)) {
            assertThat(numbers(plan, name, 1_461).size()).isBetween(73, 74);
        }
    }

    @Test
    void noMemberSendsARowAgainBeforeItHasSentAll() {
        for (int members : new int[] {2, 3, 17}) {
            Plan plan = Plan.of(names(members), 100, 1);
            for (String name : names(members)) {
                assertThat(numbers(plan, name, 100 * members).stream().map(number -> number % 100))
                        .hasSize(100)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void whatNeverEndsIsSharedByTurns() {
        Plan plan = Plan.of(names(3), Integer.MAX_VALUE, 1);
        assertThat(numbers(plan, "d-1", 10)).containsExactly(1, 4, 7);
    }

    @Test
    void nobodySendsToItself() {
        for (int seed = 0; seed < 50; seed++) {
            Plan plan = Plan.of(names(2 + seed % 5), 50, seed);
            assertThat(plan.recipients())
                    .allSatisfy((sender, recipient) ->
                            assertThat(recipient).isNotEqualTo(sender).isIn(plan.members()));
        }
    }

    @Test
    void fromThreeMembersOnOneOnlySends() {
        for (int seed = 0; seed < 50; seed++) {
            assertThat(Plan.of(names(3 + seed % 5), 50, seed).onlySenders()).isNotEmpty();
        }
        assertThat(Plan.of(names(2), 50, 1).onlySenders()).isEmpty();
    }

    @Test
    void theSeedDecides() {
        assertThat(Plan.of(names(20), 100, 5).recipients())
                .isEqualTo(Plan.of(names(20), 100, 5).recipients())
                .isNotEqualTo(Plan.of(names(20), 100, 6).recipients());
    }

    @Test
    void refusesTooFewMembersAndNothingToSend() {
        assertThatIllegalArgumentException().isThrownBy(() -> Plan.of(names(1), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Plan.of(List.of("d-a", "d-a"), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Plan.of(names(2), 0, 1));
    }
}
